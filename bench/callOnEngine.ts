import { startBenchAgent, whenRecovered } from './benchAgent.ts';
import { EngineEvents } from './engineEvents.ts';
import { RealEngine, targetFor } from './realEngine.ts';
import type { Row } from './table.ts';
import { nowMs, wallOffsetMs } from './time.ts';
import { WebhookSender } from './webhook.ts';

const SERVICES = ['a', 'b', 'c', 'd'] as const;
/** Every so many recoveries the restart is called by hand. */
const BARE_EVERY = 4;

/**
 * Webhook to the first event of the restart (`kill`) on a real engine, by the engine's own time, beside the same
 * event after a restart that is called by hand. The services run and answer 500, so that a restart begins with `kill`.
 */
export async function callOnEngine(recoveries: number): Promise<readonly Row[]> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await RealEngine.open());
  const events = opened.use(await EngineEvents.open(engine.lab));
  const services = await Promise.all(
    SERVICES.map((name) => engine.lab.runService({ name, healthcheck: 'none' })),
  );
  const targets = Object.fromEntries(services.map((service) => [service.name, targetFor(service)]));
  const agent = opened.use(await startBenchAgent({ dockerHost: engine.dockerHost, targets }));
  const sender = opened.use(new WebhookSender(agent.url));
  await Promise.all(services.map((service) => service.whenAnswering()));

  const fromAccepted: number[] = [];
  const fromSent: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < recoveries; turn += 1) {
    const service = services[turn % services.length];
    if (service === undefined) throw new Error('there are services');
    await service.setFault('errors');
    const offset = wallOffsetMs();
    const killed = events.next(service.id, 'kill');
    const { sentAt, answeredAt } = await sender.accepted({
      target: service.name,
      fingerprint: `bench-${turn}`,
    });
    const at = (await killed) - offset;
    fromAccepted.push(at - answeredAt);
    fromSent.push(at - sentAt);
    await whenRecovered(agent, service.name);

    if (turn % BARE_EVERY !== 0) continue;
    const bareOffset = wallOffsetMs();
    const bareKilled = events.next(service.id, 'kill');
    const calledAt = nowMs();
    const restarted = engine.call(service.id, 'restart');
    bare.push((await bareKilled) - bareOffset - calledAt);
    await restarted;
    await service.whenAnswering();
  }
  const beside = { what: 'bare restart call', samples: bare };
  return [
    { what: 'real engine: accepted to `kill` event', samples: fromAccepted, beside },
    { what: 'real engine: sent to `kill` event', samples: fromSent, beside },
  ];
}
