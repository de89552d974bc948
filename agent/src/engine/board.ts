import { type Health, judgeHealth, type Observation, type ProbeResult } from '../core/observation.ts';
import type { Target } from '../core/target.ts';
import type { TargetStatus } from '../ports.ts';
import { Course } from './course.ts';

type Seen = Pick<TargetStatus, 'health' | 'observedAt' | 'latencyMs' | 'course'>;
type Kept = Omit<Seen, 'course'> & { readonly course: Course };

const NEVER: Seen = {
  health: { verdict: 'unknown', reason: 'not looked at yet' },
  observedAt: null,
  latencyMs: null,
  course: [],
};

/** How each target was last seen, and its recent course; memory only, a view for people. */
export class Board {
  readonly #seen = new Map<string, Kept>();

  note(target: Target, observation: Observation): void {
    this.#add(target, judgeHealth(observation), observation.probes, observation.at);
  }

  /** Scheduled probes tell health by themselves between two looks; the reason names what failed. */
  noteProbes(target: Target, results: readonly ProbeResult[], at: number): void {
    const failed = results.find(({ ok }) => !ok);
    const reason = failed === undefined ? 'its probes pass' : `probe ${failed.name}: ${failed.reason}`;
    this.#add(target, { verdict: failed === undefined ? 'well' : 'unwell', reason }, results, at);
  }

  of(target: Target): Seen {
    const seen = this.#seen.get(target.name);
    return seen === undefined ? NEVER : { ...seen, course: seen.course.looks() };
  }

  #add(target: Target, health: Health, probes: readonly ProbeResult[], at: number): void {
    const durations = probes.map(({ durationMs }) => durationMs);
    const latencyMs = durations.length === 0 ? null : Math.max(...durations);
    const course = this.#seen.get(target.name)?.course ?? new Course();
    course.add({ at, verdict: health.verdict, latencyMs });
    this.#seen.set(target.name, { health, observedAt: at, latencyMs, course });
  }

  /** Forgets targets that are no longer known. */
  keepOnly(targets: readonly Target[]): void {
    const names = new Set(targets.map(({ name }) => name));
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
  }
}
