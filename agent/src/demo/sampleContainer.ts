import type Dockerode from 'dockerode';
import type { Clock } from '../ports.ts';

/** The label by which the example's target finds its container; its value is the checkout's own. */
export const DEMO_LABEL = 'mpa.demo';

const CONTAINER_PORT = '8788/tcp';
const LOOK_MS = 3_000;
const ACT_MS = 15_000;
const STOP_SECONDS = 2;
/** How long the sample may take until it answers on its published port. */
const ANSWER_MS = 10_000;
const ANSWER_LOOK_MS = 100;

/** The sample's container as it was found. */
export type FoundSample = { readonly image: string; readonly port: number };

/** The container of this checkout's sample, running or not; `null` when there is none. */
export async function findSample(docker: Dockerode, id: string): Promise<FoundSample | null> {
  const [first] = await list(docker, id);
  if (first === undefined) return null;
  const inspected = await docker.getContainer(first).inspect({ abortSignal: AbortSignal.timeout(LOOK_MS) });
  // What the engine sends is null where a container was made without.
  const bindings: Record<string, { HostPort: string }[] | null> | null = inspected.HostConfig.PortBindings;
  const port = Number(bindings?.[CONTAINER_PORT]?.[0]?.HostPort ?? 0);
  return { image: inspected.Config.Image, port };
}

/** Runs the sample, published on a port of loopback; resolves when it answers there, else it is removed again. */
export async function runSample(
  docker: Dockerode,
  options: { readonly id: string; readonly image: string; readonly port: number; readonly clock: Clock },
): Promise<void> {
  const { id, image, port, clock } = options;
  await removeSample(docker, id);
  const container = await docker.createContainer({
    name: `mpa-sample-${id}`,
    Image: image,
    Labels: { [DEMO_LABEL]: id, 'mpa.target': 'sample' },
    ExposedPorts: { [CONTAINER_PORT]: {} },
    HostConfig: {
      // PID 1 of its own: the kernel ignores a SIGTERM that reaches Node before it listens to it.
      Init: true,
      PortBindings: { [CONTAINER_PORT]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
    },
    abortSignal: AbortSignal.timeout(ACT_MS),
  });
  try {
    await container.start({ abortSignal: AbortSignal.timeout(ACT_MS) });
    await waitForAnswer(`http://127.0.0.1:${port}/health`, clock);
  } catch (error) {
    await removeSample(docker, id);
    throw error;
  }
}

/** Ends and removes every container of this checkout's sample. */
export async function removeSample(docker: Dockerode, id: string): Promise<void> {
  for (const containerId of await list(docker, id)) {
    const container = docker.getContainer(containerId);
    try {
      await container.stop({ t: STOP_SECONDS, abortSignal: AbortSignal.timeout(ACT_MS) });
    } catch (error) {
      // 304: it does not run.
      if (!isStatus(error, 304)) throw error;
    }
    await container.remove({ force: true, abortSignal: AbortSignal.timeout(ACT_MS) });
  }
}

async function list(docker: Dockerode, id: string): Promise<readonly string[]> {
  const filters = { label: [`${DEMO_LABEL}=${id}`] };
  const found = await docker.listContainers({
    all: true,
    filters,
    abortSignal: AbortSignal.timeout(LOOK_MS),
  });
  return found.map(({ Id }) => Id);
}

/** Where the engine is on another machine, or the agent in a container, the published port is not on our loopback. */
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

function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && Reflect.get(error, 'statusCode') === status;
}
