import type { Instance } from '../../core/target.ts';
import type { Inspected } from './engineSchema.ts';
import { COMPOSE_SERVICE } from './labels.ts';

const NS_PER_MS = 1_000_000;
export const CONFIG_HASH_LABEL = 'com.docker.compose.config-hash';

/** What `docker inspect` says, in the words of the core. */
export function toInstance(container: Inspected): Instance {
  const { State, Config } = container;
  const service = Config.Labels[COMPOSE_SERVICE];
  return {
    id: container.Id,
    name: container.Name,
    status: State.Status,
    health: healthOf(container),
    startedAt: State.StartedAt,
    finishedAt: State.FinishedAt,
    createdAt: container.Created ?? 0,
    exitCode: hasExited(container) ? State.ExitCode : null,
    oomKilled: State.OOMKilled,
    supervised: isSupervised(container),
    startPeriodMs: hasHealthCheck(container) ? (Config.Healthcheck?.StartPeriod ?? 0) / NS_PER_MS : 0,
    ...(service === undefined ? {} : { service }),
    revision: [container.Image, Config.Labels[CONFIG_HASH_LABEL] ?? ''].filter(Boolean).join(' '),
  };
}

function healthOf({ State }: Inspected): Instance['health'] {
  const status = State.Health?.Status;
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none';
}

function hasHealthCheck({ Config }: Inspected): boolean {
  const kind = Config.Healthcheck?.Test[0];
  return kind !== undefined && kind !== 'NONE';
}

/** While it runs, and before it ever ran, the engine says 0, which would read as a success. */
function hasExited({ State }: Inspected): boolean {
  return State.StartedAt !== null && State.Status !== 'running' && State.Status !== 'paused';
}

/**
 * Whether the engine brings it back by itself. What stands at `exited` it does not: it goes from running to
 * `restarting` in one step, so `exited` means that it was stopped by somebody, ended as its policy accepts, or
 * could not be started.
 */
function isSupervised({ State, HostConfig, RestartCount }: Inspected): boolean {
  if (State.Status !== 'running' && State.Status !== 'restarting' && State.Status !== 'paused') return false;
  const { Name, MaximumRetryCount } = HostConfig.RestartPolicy ?? { Name: 'no', MaximumRetryCount: 0 };
  if (Name === 'always' || Name === 'unless-stopped') return true;
  return Name === 'on-failure' && (MaximumRetryCount === 0 || RestartCount < MaximumRetryCount);
}
