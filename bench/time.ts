import { setTimeout as delay } from 'node:timers/promises';

/** The monotonic clock of the machine, milliseconds: the same in every thread and process. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * What has to be added to {@link nowMs} to get the wall clock, milliseconds. Found at the edge between two of its
 * milliseconds, so that it can be compared with Docker's own times; the engine has to be on this machine.
 */
export function wallOffsetMs(): number {
  const before = Date.now();
  let wall = before;
  while (wall === before) wall = Date.now();
  return wall - nowMs();
}

/** Aborted when the bench is told to end; whatever waits then rejects, and what was opened is closed in order. */
export const interruption = new AbortController();

export function pause(ms: number): Promise<void> {
  return delay(ms, undefined, { signal: interruption.signal });
}

/** Rejects when the work takes longer; a bench that waits for ever tells nobody anything. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, interruption.signal]);
  const late = delay(ms, undefined, { signal }).then(() => {
    throw new Error(`${what} did not come within ${ms} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined); // Ended by us: nobody waits any more.
  }
}
