import type { Clock } from '../ports.ts';
import type { DockerCommand } from './dockerCommand.ts';

/** The label by which the example's target finds its container; its value is the checkout's own. */
const LABEL = 'mpa.demo';
/** Keeps the published port readable also while the container does not run. */
const PORT_LABEL = 'mpa.demo.port';

const CONTAINER_PORT = 8788;
const LOOK_MS = 3_000;
const ACT_MS = 20_000;
const STOP_SECONDS = 2;
/** How long the sample may take until it answers on its published port. */
const ANSWER_MS = 10_000;
const ANSWER_LOOK_MS = 100;

/** The sample's container as it was found, running or not. */
export type FoundSample = { readonly image: string; readonly port: number };

/** The container of this checkout's sample; `null` when there is none, or when it is not known how it was made. */
export async function findSample(docker: DockerCommand, id: string): Promise<FoundSample | null> {
  const format = `{{.Image}}\t{{.Label "${PORT_LABEL}"}}`;
  const lines = await docker.run(['ps', '--all', ...filterFor(id), '--format', format], LOOK_MS);
  const [image, port] = (lines.split('\n')[0] ?? '').split('\t');
  return image === undefined || !/^\d+$/.test(port ?? '') ? null : { image, port: Number(port) };
}

/** Runs the sample, published on a port of loopback; resolves when it answers there, else it is removed again. */
export async function runSample(
  docker: DockerCommand,
  options: { readonly id: string; readonly image: string; readonly port: number; readonly clock: Clock },
): Promise<void> {
  const { id, image, port, clock } = options;
  await removeSample(docker, id);
  const args = [
    ['run', '--detach', '--name', `mpa-sample-${id}`, '--pull', 'never'],
    ['--label', `${LABEL}=${id}`, '--label', `${PORT_LABEL}=${port}`, '--label', 'mpa.target=sample'],
    ['--publish', `127.0.0.1:${port}:${CONTAINER_PORT}`],
    // PID 1 of its own: the kernel ignores a SIGTERM that reaches Node before it listens to it.
    ['--init', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    [image],
  ].flat();
  try {
    await docker.run(args, ACT_MS);
    await waitForAnswer(`http://127.0.0.1:${port}/health`, clock);
  } catch (error) {
    await removeSample(docker, id);
    throw error;
  }
}

/** Ends and removes every container of this checkout's sample. */
export async function removeSample(docker: DockerCommand, id: string): Promise<void> {
  const listed = await docker.run(['ps', '--all', '--quiet', ...filterFor(id)], LOOK_MS);
  const containers = listed.split('\n').filter((line) => line !== '');
  if (containers.length === 0) return;
  await docker.run(['stop', '--time', String(STOP_SECONDS), ...containers], ACT_MS);
  await docker.run(['rm', '--force', ...containers], ACT_MS);
}

function filterFor(id: string): readonly string[] {
  return ['--filter', `label=${LABEL}=${id}`];
}

/** Where the agent itself is in a container, the published port is not on its loopback. */
async function waitForAnswer(url: string, clock: Clock): Promise<void> {
  const giveUpAt = clock.monotonic() + ANSWER_MS;
  let last = '';
  while (clock.monotonic() < giveUpAt) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(LOOK_MS) });
      await response.body?.cancel();
      if (response.ok) return;
      last = `HTTP ${response.status}`;
    } catch (error) {
      last = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    }
    await clock.sleep(ANSWER_LOOK_MS);
  }
  throw new Error(`the container's port is not reached from here (${last})`);
}
