import type { Effect } from '../core/effects.ts';
import { judgeHealth, type Observation } from '../core/observation.ts';
import { growingPause, SHORTEST_PAUSE_MS } from '../core/pace.ts';
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

  /**
   * The look right before a step, of at most `ms` milliseconds. Never rejects: what cannot be seen is part of what is
   * seen.
   */
  lookToAct(scene: Scene, ms: number, signal: AbortSignal): Promise<Observation> {
    const { observer } = this.#parts;
    return this.#look(scene, ms, signal, (target, until) =>
      observer.lookToAct(target, scene.incident, until),
    );
  }

  async #look(
    { target }: Scene,
    ms: number,
    signal: AbortSignal,
    look: (target: Target, until: AbortSignal) => Promise<Observation>,
  ): Promise<Observation> {
    const { clock, onObserved } = this.#parts;
    if (target === null) {
      return {
        at: clock.now(),
        runtime: { ok: false, reason: 'the target is no longer known' },
        probes: [],
        symptoms: [],
      };
    }
    using deadline = deadlineIn(clock, ms, signal);
    const observation = await look(target, deadline.signal);
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
    const { clock, observer } = this.#parts;
    const since = clock.monotonic();
    let pausedMs = 0;
    while (!signal.aborted) {
      const scene = now();
      const observation = await this.#look(scene, scene.settings.incident.lookMs, signal, (target, until) =>
        observer.look(target, scene.incident, until),
      );
      if (signal.aborted) return;
      await report({ key: effect.key, kind: 'looked', observation, pausedMs });
      const usualMs = pauseOf(effect.pace, now(), clock.now());
      const isAwaited = effect.pace === 'verify' && judgeHealth(observation).verdict !== 'well';
      pausedMs = isAwaited ? growingPause(clock.monotonic() - since, usualMs) : usualMs;
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
  if (pace !== 'verify' && !soaking) return settings.incident.escalatedIntervalMs;
  // The last look comes when the soak is over, and not up to an interval later.
  const left = 'well' in phase && phase.well !== null ? phase.well.at + soakMs - now : 0;
  return left > 0 ? Math.min(intervalMs, Math.max(left, SHORTEST_PAUSE_MS)) : intervalMs;
}
