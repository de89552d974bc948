import type { Config } from '../config/load.ts';
import type { RuntimeName } from '../core/target.ts';
import type { Engine } from '../engine/engine.ts';
import { pruneInBackground } from '../journal/pruneInBackground.ts';
import type { Clock, Runtime } from '../ports.ts';
import type { EngineClient } from '../runtimes/docker/engineClient.ts';
import { eventFeed } from '../runtimes/docker/eventFeed.ts';
import type { EventStreamNews } from '../sources/dockerEvents.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { watchDocker } from './dockerWatch.ts';
import { keepRetention } from './journalRetention.ts';
import { tellSelf } from './selfWatch.ts';

/**
 * What happened while no agent was there is still heard if it was no longer ago than this, milliseconds: a person's
 * stop is to be respected, and a death that nobody answered to be answered.
 */
const AWAY_MS_MAX = 3_600_000;

export type BackgroundOptions = {
  readonly engine: Engine;
  readonly docker: EngineClient | null;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  /** The one in force; a reload changes it. */
  readonly config: () => Config;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends all of it. */
  readonly signal: AbortSignal;
};

/** Starts what goes on beside the engine: hearing the containers, keeping the journal small, showing what people set. */
export function startBackground(options: BackgroundOptions): void {
  const { engine, docker, config, metrics, clock, log, signal } = options;
  metrics.showReady(() => engine.ready);
  metrics.showSelf(() => engine.self.kind !== 'unknown');
  void tellSelf({ self: () => engine.self, settings: config().settings, log, clock, signal });
  metrics.showControls(() => {
    const { maintenance, recurring, breakers, modes } = engine.controls();
    return {
      maintenance: maintenance.length,
      recurring: recurring.length,
      breakers: breakers.map(({ target }) => target),
      modes,
      approvals: engine.approvals().length,
      holds: engine.holds,
    };
  });
  const runtime = options.runtimes.get('docker');
  if (docker !== null && runtime !== undefined && config().edge.docker?.events === true)
    void hearContainers(docker, runtime, options);
  void keepRetention({
    journal: () => config().edge.journal,
    prune: pruneInBackground,
    clock,
    pruned: ({ incidents, entries, bytes }) => {
      if (incidents + entries > 0)
        log.info({ incidents, entries, bytes }, `${incidents} old incidents were deleted from the journal`);
    },
    failed: (error) =>
      log.warn({ err: error }, 'the journal could not be pruned; it is tried again in an hour'),
    signal,
  });
}

async function hearContainers(
  docker: EngineClient,
  runtime: Runtime,
  options: BackgroundOptions,
): Promise<void> {
  const { engine, metrics, clock, log, signal } = options;
  try {
    await watchDocker({
      engine: eventFeed(docker),
      clock,
      control: engine,
      targets: () => engine.knownTargets(),
      instances: (target, limit) => runtime.instances(target, limit),
      stranger: () => void engine.lookForTargets(),
      since: Math.max(engine.lastWordAt ?? clock.now(), clock.now() - AWAY_MS_MAX),
      telemetry: {
        eventStream: (news) => {
          metrics.eventStream(news);
          tellNews(log, news);
        },
        containerEvent: (lagMs) => metrics.containerEvent(lagMs),
      },
      failed: ({ target, what }, error) =>
        log.error({ target, err: error }, `it was not told that an instance of ${target} ${what}`),
      signal,
    });
  } catch (error) {
    // Without its ears the agent still has alerts and probes.
    metrics.eventStream({ kind: 'disconnected' });
    log.error({ err: error }, 'containers are no longer heard: a defect; report it');
  }
}

function tellNews(log: Log, news: EventStreamNews): void {
  switch (news.kind) {
    case 'connected':
      log.info('the containers of the engine are heard');
      return;
    case 'disconnected':
      log.warn(
        { retryMs: news.retryMs },
        `the containers of the engine are not heard, and it is tried again: ${news.reason}`,
      );
      return;
    case 'lost':
      log.warn(`the engine’s stream lost ${news.count} events, seen by comparing lists`);
      return;
    case 'unreadable':
      log.warn(`the engine’s stream held what is no event: ${news.reason}`);
      return;
    default:
      news satisfies never;
  }
}
