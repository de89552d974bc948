import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

/** How long and how often to look. */
export interface Patience {
  /** Milliseconds until giving up, over all looks together. Default 10,000. */
  readonly deadlineMs?: number;
  /** Milliseconds between two looks. Default 50. */
  readonly everyMs?: number;
  /** Gives up before the deadline, with the signal's reason: what is waited for can no longer come. */
  readonly signal?: AbortSignal;
}

/**
 * Looks again and again until what is seen is accepted, and answers with it. A look that throws counts as "not yet":
 * what is being waited for is often not even listening.
 *
 * @param what What is waited for, for the error's sentence: "Prometheus to be ready".
 * @param look One look; its signal ends with the deadline, so that a look that hangs cannot hold up the test.
 * @param accept Whether what was seen is what was waited for.
 * @throws Error that says what was seen last, or how the last look failed.
 */
export async function waitFor<T>(
  what: string,
  look: (signal: AbortSignal) => T | Promise<T>,
  accept: (seen: T) => boolean,
  { deadlineMs = 10_000, everyMs = 50, signal: hopeless }: Patience = {},
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = hopeless === undefined ? deadline : AbortSignal.any([deadline, hopeless]);
  let last = 'nothing yet';
  let cause: unknown;
  while (!signal.aborted) {
    try {
      const seen = await beforeAbort(Promise.resolve(look(signal)), signal);
      if (accept(seen)) return seen;
      last = inspect(seen, { depth: 4, maxStringLength: 2_000, breakLength: 110 });
      cause = undefined;
    } catch (error) {
      // The deadline's own abort says nothing about the thing waited for; keep what the look before it saw.
      if (!signal.aborted) {
        last = `an error: ${String(error)}`;
        cause = error;
      }
    }
    await delay(everyMs, undefined, { signal }).catch(ignoreAbort);
  }
  hopeless?.throwIfAborted();
  throw new Error(`waited ${deadlineMs} ms for ${what}; last seen: ${last}`, { cause });
}

function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

function ignoreAbort(): void {
  // The loop's own condition ends it.
}
