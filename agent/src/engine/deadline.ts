import type { Clock } from '../ports.ts';

/** Why a signal aborted when its time was over. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * A signal that aborts after `ms` milliseconds or with its parent; disposing it ends the timer.
 *
 * @example using deadline = deadlineIn(clock, 2_000, parent);
 */
export function deadlineIn(
  clock: Clock,
  ms: number,
  parent?: AbortSignal,
): { readonly signal: AbortSignal } & Disposable {
  const over = new AbortController();
  const callOff = clock.after(Math.max(0, ms), () =>
    over.abort(new DeadlineError(`no answer within ${Math.round(ms)} ms`)),
  );
  const follow = () => over.abort(parent?.reason);
  if (parent?.aborted === true) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      parent?.removeEventListener('abort', follow);
      callOff();
    },
  };
}

/** Rejects with the signal's reason as soon as it aborts, also when the work itself does not listen to it. */
export function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it, and a rejection that nobody hears would end the process.
    work.catch(() => undefined);
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(
      (value) => {
        signal.removeEventListener('abort', abort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    );
  });
}

/** What went wrong, in words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
