import type { ReturnSeries } from '../backtest/walk-forward.ts';
import type { Bar } from './bar.ts';

/** Close-to-close log returns in percent; each carries the time of its later bar. */
export function returnsOf(bars: readonly Bar[]): ReturnSeries {
  const count = Math.max(0, bars.length - 1);
  const times = new Float64Array(count);
  const returns = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    times[i] = bars[i + 1]?.time ?? 0;
    returns[i] = 100 * Math.log((bars[i + 1]?.close ?? 1) / (bars[i]?.close ?? 1));
  }
  return { times, returns };
}
