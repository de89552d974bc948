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
    await inTurns(() => !isOver() && this.#step(until));
    if (!isOver()) this.#now = until;
  }

  /** Fires what is due next; false where nothing is any more. */
  #step(until: number): boolean {
    for (let next = this.#heap.peek(); next !== undefined && next.at <= until; next = this.#heap.peek()) {
      this.#heap.pop();
      const { fire } = next;
      if (fire === null) continue;
      this.#turns = next.at === this.#now ? this.#turns + 1 : 0;
      if (this.#turns > TURNS_MAX) throw new Error('time stands still: something is done again and again');
      this.#now = next.at;
      fire();
      return true;
    }
    return false;
  }
}

/** The clock of one process of the agent; with the process dead, nothing wakes by it any more. */
export class ProcessClock implements Clock {
  readonly #time: SimTime;
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
      const callOff = this.after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        callOff();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  after(ms: number, call: () => void): () => void {
    if (this.#dead) return () => undefined;
    const timer = this.#time.after(ms, () => {
      if (!this.#dead) call();
    });
    return () => {
      timer.fire = null;
    };
  }

  kill(): void {
    this.#dead = true;
  }
}

/** Turns that are asked of the event loop at once: one round of it costs far more than one turn. */
const TURNS_AT_ONCE = 256;

/**
 * Takes step after step until one answers false. After each everything runs that waits on nothing but promises: their
 * queue is emptied between two immediates, and what was rejected and heard by nobody is told.
 */
function inTurns(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = 0;
    let over = false;
    const ask = () => {
      for (; asked < TURNS_AT_ONCE; asked += 1) setImmediate(turn);
    };
    const turn = () => {
      asked -= 1;
      if (over) return;
      try {
        over = !step();
      } catch (error) {
        over = true;
        reject(error);
      }
      if (over) resolve();
      else if (asked === 0) ask();
    };
    ask();
  });
}
