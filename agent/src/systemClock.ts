import type { Clock } from './ports.ts';
import { sleepBy } from './sleepBy.ts';

/** Longer timers fire at once in Node: it counts in 32 bits. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's own clocks; the one place that reads them. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepBy(this, ms, signal);
  }

  after(ms: number, call: () => void): () => void {
    const end = this.monotonic() + ms;
    const set = (left: number) =>
      setTimeout(
        () => {
          // A timer of Node may be early by a part of a millisecond, and cannot hold more than 24 days.
          const rest = end - this.monotonic();
          if (rest > 0) timer = set(rest);
          else call();
        },
        Math.min(Math.max(0, Math.ceil(left)), TIMER_MS_MAX),
      );
    let timer = set(ms);
    return () => clearTimeout(timer);
  }
}
