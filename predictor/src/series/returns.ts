import { createHash } from 'node:crypto';
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

/** The same only for the same returns at the same times: a bar that was corrected is seen by it, wherever it is. */
export function fingerprint({ times, returns }: ReturnSeries): string {
  return createHash('sha256').update(times).update(returns).digest('base64url').slice(0, 16);
}
