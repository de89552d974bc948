import type { ProbeResult } from '../core/observation.ts';
import type { Signal } from '../core/signal.ts';
import type { ProbeSchedule, Target } from '../core/target.ts';
import type { Clock, ProbeRound, Prober } from '../ports.ts';
import { type Announcement, ProbeCourse } from './probeCourse.ts';

/** What the probe source needs, and whom it tells. */
export type ProbeSourceParts = {
  readonly clock: Clock;
  readonly prober: Prober;
  /** 0 to 1, exclusive; spreads the first probes so that they do not come all at once. */
  readonly random: () => number;
  /** Leave for one round at a target; `null`: not now, and the round is left out. */
  readonly begin: (target: string) => ProbeRound | null;
  /** Takes a signal for good. When it rejects, the same is said again after the next interval. */
  readonly hear: (signal: Signal) => Promise<void>;
  /** Every round of probes, for metrics and the target's course. `at`: milliseconds since the epoch. */
  readonly report: (target: Target, results: readonly ProbeResult[], at: number) => void;
  /** A signal that was not taken, or a prober or report that threw; probing goes on. */
  readonly failed: (target: Target, error: unknown) => void;
  /** Ends all probing. */
  readonly signal: AbortSignal;
};

/** The first probe comes within the first interval, but not later than this, milliseconds. */
const FIRST_PROBE_MS_MAX = 5_000;
/** How long after the slowest probe's own timeout a round of probes is given up, milliseconds. */
const STUCK_AFTER_MS = 1_000;

type Watch = { readonly key: string; readonly loop: ProbeLoop; readonly controller: AbortController };
type Scheduled = Target & { readonly schedule: ProbeSchedule };

/**
 * Probes targets by their schedules and says when one begins to fail, goes on failing, or passes again.
 *
 * Each target has a loop of its own: a probe that hangs delays no other target. Rounds of one target never overlap;
 * what a slow round misses is left out and not made up for.
 */
export class ProbeSource {
  readonly #parts: ProbeSourceParts;
  readonly #watches = new Map<string, Watch>();

  constructor(parts: ProbeSourceParts) {
    this.#parts = parts;
  }

  /**
   * Takes these targets in place of the former ones. One whose probes and schedule are the same keeps its course; a
   * changed one begins anew; one without a schedule is not probed.
   */
  watch(targets: readonly Target[]): void {
    const wanted = new Map(targets.filter(isScheduled).map((target) => [target.name, target]));
    for (const [name, { key, loop, controller }] of this.#watches) {
      const target = wanted.get(name);
      if (target !== undefined && keyOf(target) === key) {
        loop.target = target;
        continue;
      }
      this.#watches.delete(name);
      controller.abort();
    }
    for (const target of wanted.values()) if (!this.#watches.has(target.name)) this.#begin(target);
  }

  #begin(target: Scheduled): void {
    const controller = new AbortController();
    const loop = new ProbeLoop(target, this.#parts, AbortSignal.any([controller.signal, this.#parts.signal]));
    this.#watches.set(target.name, { key: keyOf(target), loop, controller });
    void loop.run();
  }
}

/** The rounds of one target. */
class ProbeLoop {
  /** As last configured; its probes and schedule are the same for the loop's whole life. */
  target: Scheduled;
  readonly #parts: ProbeSourceParts;
  readonly #signal: AbortSignal;
  readonly #courses: ReadonlyMap<string, ProbeCourse>;
  /** Probes whose announcement is under way: one at a time for each, so that their order is kept. */
  readonly #announcing = new Set<string>();

  constructor(target: Scheduled, parts: ProbeSourceParts, signal: AbortSignal) {
    this.target = target;
    this.#parts = parts;
    this.#signal = signal;
    this.#courses = new Map(target.probes.map(({ name }) => [name, new ProbeCourse(target.schedule)]));
  }

  async run(): Promise<void> {
    const { clock, random } = this.#parts;
    const { intervalMs } = this.target.schedule;
    let nextAt = clock.monotonic() + random() * Math.min(intervalMs, FIRST_PROBE_MS_MAX);
    while (await this.#waitUntil(nextAt)) {
      await this.#round();
      nextAt += Math.max(1, Math.ceil((clock.monotonic() - nextAt) / intervalMs)) * intervalMs;
    }
  }

  /** False when probing has ended meanwhile. */
  async #waitUntil(at: number): Promise<boolean> {
    const { clock } = this.#parts;
    try {
      await clock.sleep(Math.max(0, at - clock.monotonic()), this.#signal);
      return true;
    } catch (error) {
      if (this.#signal.aborted) return false;
      throw error;
    }
  }

  async #round(): Promise<void> {
    using round = this.#parts.begin(this.target.name);
    if (round === null) return;
    try {
      const results = await this.#probe(AbortSignal.any([this.#signal, round.signal]));
      // Called off, it saw nothing: that is neither a failure nor a success.
      if (this.#signal.aborted || round.signal.aborted) return;
      this.#parts.report(this.target, results, this.#parts.clock.now());
      for (const result of results) this.#take(result);
    } catch (error) {
      if (!this.#signal.aborted && !round.signal.aborted) this.#parts.failed(this.target, error);
    }
  }

  /** The prober keeps each probe's timeout by itself; a round that does not end all the same is failed here. */
  async #probe(signal: AbortSignal): Promise<readonly ProbeResult[]> {
    const { clock, prober } = this.#parts;
    const limitMs = Math.max(...this.target.probes.map(({ timeoutMs }) => timeoutMs)) + STUCK_AFTER_MS;
    const done = new AbortController();
    const until = AbortSignal.any([done.signal, signal]);
    const stuck = clock.sleep(limitMs, until).then(() =>
      this.target.probes.map(({ name }) => ({
        name,
        ok: false,
        reason: `the probe did not end in ${limitMs / 1_000} s`,
        durationMs: limitMs,
      })),
    );
    try {
      return await Promise.race([prober.probe(this.target, until), stuck]);
    } finally {
      done.abort();
      // Ends by the abort above, unless it was the one that won.
      stuck.catch(() => undefined);
    }
  }

  #take(result: ProbeResult): void {
    const course = this.#courses.get(result.name);
    if (course === undefined) return;
    course.add(result);
    const announcement = course.next();
    if (announcement === null || this.#announcing.has(result.name)) return;
    void this.#announce(result.name, course, announcement);
  }

  async #announce(probe: string, course: ProbeCourse, announcement: Announcement): Promise<void> {
    this.#announcing.add(probe);
    try {
      await this.#parts.hear({ source: 'probe', target: this.target.name, probe, ...announcement });
      course.heard(announcement);
    } catch (error) {
      this.#parts.failed(this.target, error);
    } finally {
      this.#announcing.delete(probe);
    }
  }
}

function isScheduled(target: Target): target is Scheduled {
  return target.schedule !== null && target.probes.length > 0;
}

/** What a loop depends on; anything else of the target may change without losing its course. */
function keyOf({ probes, schedule }: Scheduled): string {
  return JSON.stringify([probes, schedule]);
}
