import type { Effect } from '../core/effects.ts';
import type { Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';
import type { Clock } from '../ports.ts';
import { deadlineIn } from './deadline.ts';
import type { Observer } from './observer.ts';
import type { Report, Scene } from './scene.ts';

/** What the targets of incidents are looked at with. */
export type WatcherParts = {
  readonly clock: Clock;
  readonly observer: Observer;
  /** Told of every look at a target that is known. */
  readonly onObserved: (target: Target, observation: Observation) => void;
};

/** Looks at the target of an incident: once, or again and again. */
export class Watcher {
  readonly #parts: WatcherParts;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
  }

  /** One look of at most `ms` milliseconds. Never rejects: what cannot be seen is part of what is seen. */
  async look({ target, incident }: Scene, ms: number, signal: AbortSignal): Promise<Observation> {
    const { clock, observer, onObserved } = this.#parts;
    if (target === null) {
      return {
        at: clock.now(),
        runtime: { ok: false, reason: 'the target is no longer known' },
        probes: [],
        symptoms: [],
      };
    }
    using deadline = deadlineIn(clock, ms, signal);
    const observation = await observer.look(target, incident, deadline.signal);
    onObserved(target, observation);
    return observation;
  }

  /** Until the signal aborts. For days, it may be: alerts join meanwhile, and the configuration changes. */
  async watch(
    effect: Effect & { kind: 'watch' },
    now: () => Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#parts;
    let pausedMs = 0;
    while (!signal.aborted) {
      const scene = now();
      const observation = await this.look(scene, scene.settings.incident.lookMs, signal);
      if (signal.aborted) return;
      await report({ key: effect.key, kind: 'looked', observation, pausedMs });
      pausedMs = pauseOf(effect.pace, now(), clock.now());
      await clock.sleep(pausedMs, signal);
    }
  }
}

/**
 * How long until the next look of a watch. A soak is watched closely also while the incident is with a person: what
 * happens between two looks that are far apart is seen by nobody, and would be called well.
 */
function pauseOf(
  pace: (Effect & { kind: 'watch' })['pace'],
  { incident, target, settings }: Scene,
  now: number,
): number {
  const { phase } = incident;
  const { intervalMs, soakMs } = target?.verification ?? settings.verification;
  // The last look of the soak, and what it may take, is part of it.
  const soakedBy = soakMs + intervalMs + settings.incident.lookMs;
  const soaking = phase.kind === 'escalated' && phase.well !== null && now - phase.well.at <= soakedBy;
  return pace === 'verify' || soaking ? intervalMs : settings.incident.escalatedIntervalMs;
}
