import type { Clock } from './ports.ts';

/** The `sleep` of a clock, made of its `after`: so that every clock is called off alike. */
export function sleepBy(clock: Pick<Clock, 'after'>, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => {
    callOff();
    reject(signal?.reason);
  };
  const callOff = clock.after(ms, () => {
    signal?.removeEventListener('abort', abort);
    resolve();
  });
  signal?.addEventListener('abort', abort, { once: true });
  return promise;
}
