import type { ConfiguredSource } from '../sources/config.ts';
import type { Predictor } from './predictor.ts';

/** Refreshes each source at its own interval. A failed refresh has told the log and the metrics already. */
export function scheduleRefreshes(predictor: Predictor, sources: readonly ConfiguredSource[]): Disposable {
  const timers = sources.flatMap(({ symbol, refreshEveryMs }) =>
    refreshEveryMs === undefined
      ? []
      : [setInterval(() => void predictor.refresh(symbol).catch(() => undefined), refreshEveryMs).unref()],
  );
  return {
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
