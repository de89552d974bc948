import type { Clock } from './ports.ts';

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

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const end = this.monotonic() + ms;
    let left = ms;
    do {
      await timer(Math.min(Math.max(0, Math.ceil(left)), TIMER_MS_MAX), signal);
      left = end - this.monotonic();
    } while (left > 0);
  }
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => {
    clearTimeout(timeout);
    reject(signal?.reason);
  };
  const timeout = setTimeout(() => {
    signal?.removeEventListener('abort', abort);
    resolve();
  }, ms);
  signal?.addEventListener('abort', abort, { once: true });
  return promise;
}
