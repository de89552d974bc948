import type { Clock } from '../../ports.ts';

/** The time was over. */
export class LateError extends Error {
  override readonly name = 'LateError';
}

/**
 * Works with a deadline, milliseconds, that holds also when the work does not listen: it rejects with a `LateError`
 * then, or with the parent's reason as soon as that aborts.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted();
  const over = new AbortController();
  const done = new AbortController();
  const follow = () => over.abort(parent.reason);
  parent.addEventListener('abort', follow, { once: true });
  clock.sleep(ms, done.signal).then(
    () => over.abort(new LateError(`no answer within ${Math.round(ms)} ms`)),
    () => undefined, // Done before its time.
  );
  const { promise: ended, reject } = Promise.withResolvers<never>();
  over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true });
  try {
    const working = work(over.signal);
    // When it is late, nobody waits for it, and a rejection that nobody hears would end the process.
    working.catch(() => undefined);
    return await Promise.race([working, ended]);
  } finally {
    ended.catch(() => undefined);
    parent.removeEventListener('abort', follow);
    done.abort(new Error('done'));
  }
}
