import { AgentProcess } from '../agentProcess.ts';
import { ContainerLab } from '../lab/container.ts';
import { type Engine, openEngine } from '../lab/engine.ts';
import { freePort } from '../lab/freePort.ts';
import { happenedTo } from '../lab/happenedTo.ts';
import type { RunningService } from '../lab/runningService.ts';
import { type CutOff, openCutOff } from './cutOff.ts';

/** Real containers, a real agent, and a socket between them that can lose answers. */
export type CrashBench = AsyncDisposable & {
  readonly engine: Engine;
  readonly cutOff: CutOff;
  readonly services: readonly RunningService[];
  readonly agent: AgentProcess;
};

/**
 * Limits far away, no symptom to wait for, and short stop times: what is shown is the crash, not the patience of the
 * guards.
 */
function configuration(dockerHost: string, services: readonly RunningService[]): object {
  const entries = services.map((service) => [
    service.name,
    {
      container: service.name,
      probes: [{ type: 'http', name: 'health', url: `${service.url}/health`, timeout: '1s' }],
    },
  ]);
  return {
    docker: { host: dockerHost },
    discovery: { by: [] },
    verification: { soak: '500ms', timeout: '20s', interval: '200ms', symptom: 'none' },
    incident: { escalated_interval: '1s' },
    guards: {
      budget: { mutations: 1_000 },
      backoff: { initial: '0s', max: '0s' },
      flapping: { recoveries: 1_000 },
      blast_radius: { fraction: 1 },
      panic: { minimum: 100 },
      worse: { times: 100 },
      grace: { after_start: '0s' },
    },
    targets: Object.fromEntries(entries),
    strategies: [
      {
        name: 'restart-it',
        matchers: ['alertname="ServiceDown"'],
        steps: [{ action: 'restart', stop_timeout: '1s' }],
      },
    ],
  };
}

export async function openCrashBench(serviceCount: number): Promise<CrashBench> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await openEngine());
  const lab = opened.use(await ContainerLab.open(engine));
  const cutOff = opened.use(await openCutOff(engine.dockerHost));
  const services: RunningService[] = [];
  for (let index = 0; index < serviceCount; index += 1)
    services.push(await lab.runService({ healthcheck: 'none' }));
  await Promise.all(services.map((service) => service.whenAnswering()));
  const agent = opened.use(
    await AgentProcess.start(await freePort(), configuration(cutOff.dockerHost, services)),
  );
  const owned = opened.move();
  return { engine, cutOff, services, agent, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** How often Docker itself says that a container was started within a time, both in seconds since the epoch. */
export async function startsSeen(engine: Engine, id: string, since: number, until: number): Promise<number> {
  const all = await happenedTo(engine.docker, id, since, until);
  return all.filter(({ action }) => action === 'start').length;
}
