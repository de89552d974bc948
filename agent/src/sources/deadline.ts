import type { Clock } from '../ports.ts';

/** A limit of time on one piece of work. Disposing it ends the timer. */
export type Deadline = Disposable & {
  /** Aborts when the time is over or when the caller's own signal does. */
  readonly signal: AbortSignal;
  /** Whether it was this deadline that ended the work, and not the caller. */
  readonly expired: () => boolean;
};

/** Begins a deadline of `ms` milliseconds by the given clock, inside the caller's signal. */
export function deadlineIn(clock: Clock, ms: number, outer: AbortSignal): Deadline {
  const timer = new AbortController();
  const over = new AbortController();
  let expired = false;
  clock.sleep(ms, timer.signal).then(
    () => {
      expired = true;
      over.abort(new Error('the deadline is over'));
    },
    () => undefined, // Disposed in time: that is what the abort of the timer says, and all it says.
  );
  return {
    signal: AbortSignal.any([outer, over.signal]),
    expired: () => expired,
    [Symbol.dispose]: () => timer.abort(),
  };
}
