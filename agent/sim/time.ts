import type { Clock } from '../src/ports.ts';
import { type Timer, TimerHeap } from './timerHeap.ts';

/** Wall clock when every world begins: 24 November 2026, 12:00 UTC; milliseconds since the epoch. */
const BEGIN_AT = 1_795_521_600_000;

/** Timers that may fire at one and the same moment. */
const TURNS_MAX = 200_000;

/** A promise of a process that is dead: nothing will ever come of it. A new one each time, for a shared one would hold its waiters. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The world's time: what is due is fired in order, and everything that waits on promises runs before time moves on. */
export class SimTime {
  readonly #heap = new TimerHeap();
  #now = 0;
  #offset = 0;
  #turns = 0;

  /** True time since the world began, milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** What the host's wall clock shows, milliseconds since the epoch. */
  get wall(): number {
    return BEGIN_AT + this.#now + this.#offset;
  }

  /** How far the wall clock was moved so far, milliseconds. */
  get offset(): number {
    return this.#offset;
  }

  /** Moves the wall clock alone. */
  jump(byMs: number): void {
    this.#offset += byMs;
  }

  after(ms: number, fire: () => void): Timer {
    return this.#heap.add(this.#now + Math.max(0, ms), fire);
  }

  at(time: number, fire: () => void): Timer {
    return this.#heap.add(Math.max(time, this.#now), fire);
  }

  /** Ends when `until` is reached, or as soon as `isOver` says so. */
  async run(until: number, isOver: () => boolean): Promise<void> {
    await settle();
    while (!isOver()) {
      const next = this.#heap.peek();
      if (next === undefined || next.at > until) break;
      this.#heap.pop();
      const { fire } = next;
      if (fire === null) continue;
      this.#turns = next.at === this.#now ? this.#turns + 1 : 0;
      if (this.#turns > TURNS_MAX) throw new Error('time stands still: something is done again and again');
      this.#now = next.at;
      fire();
      await settle();
    }
    if (!isOver()) this.#now = until;
  }
}

/** The clock of one process of the agent; with the process all its timers are gone. */
export class ProcessClock implements Clock {
  readonly #time: SimTime;
  readonly #timers = new Set<Timer>();
  #dead = false;

  constructor(time: SimTime) {
    this.#time = time;
  }

  now(): number {
    return this.#time.wall;
  }

  monotonic(): number {
    return this.#time.now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#dead) return never();
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const timer = this.#time.after(ms, () => {
        this.#timers.delete(timer);
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        timer.fire = null;
        this.#timers.delete(timer);
        reject(signal?.reason);
      };
      this.#timers.add(timer);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  kill(): void {
    this.#dead = true;
    for (const timer of this.#timers) timer.fire = null;
    this.#timers.clear();
  }
}

/** Lets everything run that waits on nothing but promises: one turn of the event loop empties their queue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
