import type { Clock } from '../../src/ports.ts';
import { sleepBy } from '../../src/sleepBy.ts';

type Sleeper = { readonly wakeAt: number; readonly wake: () => void };

/**
 * A clock that moves only when the test says so. Sleepers wake in the order of their deadlines, equal ones in the
 * order in which they began; before and after each of them everything that was waiting on promises runs.
 *
 * @example
 * const clock = new ManualClock();
 * const slept = clock.sleep(1_000);
 * await clock.advance(1_000);
 * await slept;
 */
export class ManualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** @param startAt Wall clock at the start, milliseconds since the epoch. */
  constructor(startAt = Date.UTC(2026, 0, 1)) {
    this.#wall = startAt;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepBy(this, ms, signal);
  }

  after(ms: number, call: () => void): () => void {
    const wake = () => {
      this.#sleepers.delete(sleeper);
      call();
    };
    const sleeper: Sleeper = { wakeAt: this.#monotonic + Math.max(0, ms), wake };
    this.#sleepers.add(sleeper);
    return () => this.#sleepers.delete(sleeper);
  }

  /** How many sleeps are under way: a test of closing wants none. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Milliseconds until the next sleeper wakes; `null` when nobody sleeps. */
  get untilNext(): number | null {
    const next = this.#next();
    return next === undefined ? null : next.wakeAt - this.#monotonic;
  }

  /** Moves both clocks on, waking everyone on the way at their own time. */
  async advance(ms: number): Promise<void> {
    const target = this.#monotonic + ms;
    await settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.wakeAt > target) break;
      this.#moveTo(next.wakeAt);
      next.wake();
      await settle();
    }
    this.#moveTo(target);
  }

  /** Sets the wall clock alone forward or back, as NTP or a person does: nobody wakes by it. */
  jump(byMs: number): void {
    this.#wall += byMs;
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      // A set is walked in the order of insertion, so the first of equal ones stays.
      if (next === undefined || sleeper.wakeAt < next.wakeAt) next = sleeper;
    }
    return next;
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}

/** Lets everything run that waits on nothing but promises: one turn of the event loop empties their queue. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
