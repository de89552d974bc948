import type { Instance } from '../../src/core/target.ts';
import type { Illness, ServiceSpec } from '../plan/plan.ts';

/** Who began a run. */
export type Starter = 'deploy' | 'person' | 'agent' | 'daemon';

/** One container as the world knows it; the agent is shown `seenBy` only. */
export type Container = {
  readonly service: ServiceSpec;
  readonly name: string;
  id: string;
  status: Instance['status'];
  booting: boolean;
  /** Whether its health check has yet to speak of this run. */
  unchecked: boolean;
  /** Wall clock, milliseconds since the epoch. */
  startedAt: number;
  finishedAt: number | null;
  createdAt: number;
  /** True time of the last start, and who began it. */
  startedTrueAt: number;
  startedBy: Starter;
  exitCode: number | null;
  oomKilled: boolean;
  revision: number;
  illness: Illness | null;
  /** Whether the illness shows or bites at this moment. */
  ill: boolean;
  restartsLeft: number;
  /** Moves with every start and stop, so that what was meant for a run that is over does nothing. */
  run: number;
  /** How often the runtime itself brought it back in a row. */
  comebacks: number;
  stoppedByPerson: boolean;
  /** When the agent acknowledged the event of that stop; true time. */
  stopToldAt: number | null;
};

/** What the runtime shows of a container. */
export function seenBy(container: Container, suffering: boolean): Instance {
  const { id, name, status, startedAt, finishedAt, createdAt, exitCode, oomKilled, service, revision } =
    container;
  return {
    id,
    name,
    status,
    health: healthOf(container, suffering),
    startedAt,
    finishedAt,
    createdAt,
    exitCode,
    oomKilled,
    supervised: service.supervised,
    startPeriodMs: service.healthCheck ? service.startPeriodMs : 0,
    revision: `image@${revision}`,
  };
}

function healthOf(
  { service, status, booting, unchecked, ill, illness }: Container,
  suffering: boolean,
): Instance['health'] {
  if (!service.healthCheck) return 'none';
  if (status !== 'running') return 'unhealthy';
  if (booting || unchecked) return 'starting';
  return suffering || (ill && illness?.shows === 'unhealthy') ? 'unhealthy' : 'healthy';
}
