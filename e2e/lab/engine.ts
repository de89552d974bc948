import Docker from 'dockerode';
import { startDaemon } from './engineDaemon.ts';
import { LabMissingError } from './labMissingError.ts';
import { waitFor } from './waitFor.ts';

const defaultHost = 'unix:///var/run/docker.sock';
/** No answer for so long on a lab's connection means that something hangs; it fails the test and not the machine. */
const silenceMsMax = 120_000;

/** A Docker Engine for tests. Disposing it ends the daemon if it was started for this. */
export interface Engine extends AsyncDisposable {
  readonly docker: Docker;
  /** For `DOCKER_HOST`: `unix:///...`. */
  readonly dockerHost: string;
}

/**
 * An engine to test on: the one that DOCKER_HOST names, else the one on the default socket, else a daemon started
 * for the caller (Linux, root, `dockerd` installed). `scripts/test.ts` opens one for all suites and passes
 * DOCKER_HOST on, so the last case is that of a test file that is run by itself.
 *
 * @throws LabMissingError when none can be had.
 */
export async function openEngine(): Promise<Engine> {
  const named = process.env['DOCKER_HOST'];
  if (named !== undefined && named !== '') return await openNamed(named);
  if (await answers(connect(defaultHost))) return running(defaultHost);

  await using cleanup = new AsyncDisposableStack();
  const daemon = cleanup.use(await startDaemon());
  const docker = connect(daemon.dockerHost);
  try {
    await daemon.program.whenReady(() => answers(docker), { deadlineMs: daemon.readyMsMax });
  } catch (error) {
    // Some machines cannot run one at all (a container without the rights for it).
    throw new LabMissingError(`no Docker Engine answers here, and one could not be started: ${error}`, {
      cause: error,
    });
  }
  const owned = cleanup.move();
  return { docker, dockerHost: daemon.dockerHost, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The caller asked for this engine by name: another one in its place would be a surprise. */
async function openNamed(dockerHost: string): Promise<Engine> {
  const docker = connect(dockerHost);
  await waitFor(`the engine that DOCKER_HOST names (${dockerHost})`, () => docker.ping(), Boolean, {
    deadlineMs: 5_000,
    everyMs: 250,
  });
  return running(dockerHost);
}

function running(dockerHost: string): Engine {
  return { docker: connect(dockerHost), dockerHost, [Symbol.asyncDispose]: async () => undefined };
}

function connect(dockerHost: string): Docker {
  const prefix = 'unix://';
  if (!dockerHost.startsWith(prefix)) {
    // Published ports are reached on loopback and scripts are bind-mounted: the engine has to be on this machine.
    throw new Error(`the lab needs an engine on this machine (unix://...), but DOCKER_HOST is ${dockerHost}`);
  }
  return new Docker({ socketPath: dockerHost.slice(prefix.length), timeout: silenceMsMax });
}

async function answers(docker: Docker): Promise<boolean> {
  try {
    await docker.ping();
    return true;
  } catch {
    // No socket, no right to it, or nobody behind it: no engine for us, whichever it is.
    return false;
  }
}
