import type { ConfiguredSource } from '../sources/config.ts';
import type { Predictor } from './predictor.ts';

export interface RetryDelays {
  /** Doubles with each failure. */
  readonly firstMs: number;
  readonly maxMs: number;
}

const RETRY_DELAYS: RetryDelays = { firstMs: 5_000, maxMs: 300_000 };

/**
 * Refreshes each source at its own interval; and one that failed at the start again and again until it has answered
 * once, whether it has an interval or not. A failed refresh has told the log and the metrics already.
 */
export function scheduleRefreshes(
  predictor: Predictor,
  sources: readonly ConfiguredSource[],
  retry: RetryDelays = RETRY_DELAYS,
): Disposable {
  const intervals = sources.flatMap(({ symbol, refreshEveryMs }) =>
    refreshEveryMs === undefined
      ? []
      : [setInterval(() => void predictor.refresh(symbol).catch(() => undefined), refreshEveryMs).unref()],
  );
  const retries = sources.map(({ symbol }) => retryUntilRead(predictor, symbol, retry));
  return {
    [Symbol.dispose]() {
      for (const timer of intervals) clearInterval(timer);
      for (const one of retries) one[Symbol.dispose]();
    },
  };
}

function retryUntilRead(predictor: Predictor, symbol: string, { firstMs, maxMs }: RetryDelays): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  const waitThenLook = (delayMs: number): void => {
    if (isDisposed) return;
    timer = setTimeout(async () => {
      const status = predictor.sourceStatus(symbol);
      if (status?.isFailing === false) return;
      // Without a status the refresh of the start is still under way.
      if (status !== undefined) await predictor.refresh(symbol).catch(() => undefined);
      waitThenLook(status === undefined ? delayMs : Math.min(maxMs, 2 * delayMs));
    }, delayMs).unref();
  };
  waitThenLook(firstMs);
  return {
    [Symbol.dispose]() {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}
