import { mkdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './childProgram.ts';
import { findProgram, labFolder } from './labFolder.ts';
import { LabMissingError } from './labMissingError.ts';
import { removeWithMounts } from './removeWithMounts.ts';

const lockWaitSeconds = 120;
// One for the machine, not for the lab's folder: two daemons would also fight over the bridge and the packet filter.
const lockPath = join(tmpdir(), 'mpa-lab-engine.lock');

/** A `dockerd` of our own, not yet known to be ready. */
export interface EngineDaemon extends AsyncDisposable {
  readonly dockerHost: string;
  readonly program: ChildProgram;
  /** Milliseconds it may take to answer: its start, after waiting for another test run's daemon to end. */
  readonly readyMsMax: number;
}

/**
 * Starts `dockerd` on a private socket. Its images stay in the lab's folder, so that the base image is built once;
 * one such daemon at a time can run, and the next waits for it to end.
 *
 * @throws LabMissingError when this machine or user cannot run one.
 */
export async function startDaemon(): Promise<EngineDaemon> {
  if (process.getuid?.() !== 0) {
    throw new LabMissingError('no Docker Engine answers here, and only root can start one');
  }
  const dockerd = findProgram('dockerd');
  const flock = findProgram('flock');
  const engineFolder = join(labFolder(), 'engine');
  mkdirSync(engineFolder, { recursive: true });
  // Short, because the path of a unix socket is limited to 107 bytes and the repository's may be long.
  await using cleanup = new AsyncDisposableStack();
  const runFolder = await mkdtemp(join(tmpdir(), 'mpa-lab-'));
  cleanup.defer(() => removeWithMounts(runFolder));
  const dockerHost = `unix://${runFolder}/docker.sock`;

  const program = cleanup.use(
    await ChildProgram.start({
      command: flock,
      // The lock is held by the daemon itself and what it starts, so that it ends exactly when they have.
      args: [
        ...['--no-fork', '--timeout', String(lockWaitSeconds), lockPath],
        ...[dockerd, '--host', dockerHost, '--data-root', join(engineFolder, 'data')],
        ...['--exec-root', join(runFolder, 'exec'), '--pidfile', join(runFolder, 'docker.pid')],
        ...['--shutdown-timeout', '5', '--log-level', 'warn'],
      ],
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
      logPath: join(runFolder, 'log'),
      stopTimeoutMs: 30_000,
    }),
  );
  const owned = cleanup.move();
  return {
    dockerHost,
    program,
    readyMsMax: (lockWaitSeconds + 30) * 1_000,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
