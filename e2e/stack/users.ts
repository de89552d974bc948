import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from './stack.ts';

const PAUSE_MS = 200;

/**
 * Users ask for forecasts, one after the other, until the work is done. Then they are gone at once: a request that is
 * still waited for would hold up the stop of a service, and not always for as long.
 */
export async function withUsers<T>(stack: Stack, symbol: string, work: () => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const asking = askUntil(gone.signal, `${stack.url('market-predictor')}/v1/forecasts/${symbol}`);
  try {
    return await work();
  } finally {
    gone.abort();
    await asking;
  }
}

async function askUntil(signal: AbortSignal, url: string): Promise<void> {
  while (!signal.aborted) {
    // The one that is asked while it is restarted gets no answer: that is no news here.
    await fetch(url, { signal })
      .then((answer) => answer.text())
      .catch(() => null);
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined); // Gone.
  }
}
