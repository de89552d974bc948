import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunningService } from '../e2e/lab/runningService.ts';
import { whenAnswering } from './answering.ts';
import { startBenchAgent, whenRecovered } from './benchAgent.ts';
import { RealEngine, targetFor } from './realEngine.ts';
import type { Row } from './table.ts';
import { nowMs, within } from './time.ts';
import { WebhookSender } from './webhook.ts';

const LISTENING_MS_MAX = 10_000;
/** A health check that finds a frozen service soon, so that what is compared is not its interval. */
const HEALTH_CHECK = { intervalMs: 250, timeoutMs: 250, retries: 1 };

/** Kill, and frozen, to HTTP 200 on a real engine, in turns with the least that could do the same. */
export async function killToAnswer(pairs: number, frozenPairs: number): Promise<readonly Row[]> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await RealEngine.open());
  const start = (name: string) => engine.lab.runService({ name, healthcheck: HEALTH_CHECK });
  const [ours, theirs, nobodys] = await Promise.all([start('agent'), start('loop'), start('hand')]);
  const agent = opened.use(
    await startBenchAgent({ dockerHost: engine.dockerHost, targets: { [ours.name]: targetFor(ours) } }),
  );
  const sender = opened.use(new WebhookSender(agent.url));
  opened.use(await startBareLoop(engine.dockerHost, theirs.id));
  for (const service of [ours, theirs, nobodys]) await service.whenHealth('healthy');

  const recovered = () => whenRecovered(agent, ours.name);
  const byHand: Arms = { agent: [], other: [] };
  for (let turn = 0; turn < pairs; turn += 1) {
    const alert = { target: ours.name, fingerprint: `bench-${turn}` };
    byHand.agent.push(await timed(ours, 'SIGKILL', async () => void (await sender.accepted(alert))));
    await recovered();
    byHand.other.push(await timed(nobodys, 'SIGKILL', () => engine.call(nobodys.id, 'start')));
    await nobodys.whenHealth('healthy');
  }
  const killed = await againstLoop(pairs, 'SIGKILL', ours, theirs, recovered);
  const frozen = await againstLoop(frozenPairs, 'SIGSTOP', ours, theirs, recovered);
  return [
    rowOf('kill to HTTP 200, by events and webhook', byHand, 'bare start call'),
    { ...rowOf('kill to HTTP 200, by Docker’s events', killed, 'bare loop'), wanted: 'ratio <= 1.1' },
    { ...rowOf('frozen to HTTP 200, by Docker’s events', frozen, 'bare loop'), wanted: 'ratio <= 1.1' },
  ];
}

type Arms = { readonly agent: number[]; readonly other: number[] };

function rowOf(what: string, { agent, other }: Arms, beside: string): Row {
  return { what, samples: agent, beside: { what: beside, samples: other } };
}

/** One after the other, the agent and the loop each with a container of their own. */
async function againstLoop(
  pairs: number,
  signal: 'SIGKILL' | 'SIGSTOP',
  ours: RunningService,
  theirs: RunningService,
  recovered: () => Promise<void>,
): Promise<Arms> {
  const arms: Arms = { agent: [], other: [] };
  for (let turn = 0; turn < pairs; turn += 1) {
    arms.agent.push(await timed(ours, signal));
    await recovered();
    await ours.whenHealth('healthy');
    arms.other.push(await timed(theirs, signal));
    await theirs.whenHealth('healthy');
  }
  return arms;
}

/** From the kill to the first 200 after it, milliseconds. */
async function timed(
  service: RunningService,
  signal: 'SIGKILL' | 'SIGSTOP',
  mend?: () => Promise<void>,
): Promise<number> {
  const startedAt = nowMs();
  await service.container.kill({ signal });
  const mending = mend?.();
  const answeredAt = await whenAnswering(service.url);
  await mending;
  return answeredAt - startedAt;
}

/** A process of its own, as the agent is one. */
async function startBareLoop(dockerHost: string, id: string): Promise<Disposable> {
  const socketPath = dockerHost.replace(/^unix:\/\//, '');
  const loop: ChildProcess = fork(join(import.meta.dirname, 'bareLoop.ts'), [socketPath, id]);
  const ends = { [Symbol.dispose]: () => void loop.kill() };
  try {
    await within(LISTENING_MS_MAX, 'the bare loop', once(loop, 'message'));
  } catch (error) {
    loop.kill();
    throw error;
  }
  return ends;
}
