import { Problem } from '../problems.ts';
import { RETURNS_MIN } from './limits.ts';
import type { LiveSeries } from './live-series.ts';

/** Whether a model can be fitted on the series. */
export function hasBarsForFit({ returns }: LiveSeries): boolean {
  return returns.returns.length >= RETURNS_MIN;
}

/** @throws Problem too-few-bars */
export function needBars(series: LiveSeries): void {
  if (hasBarsForFit(series)) return;
  throw new Problem(
    'too-few-bars',
    `${series.symbol} has ${series.barCount} bars; at least ${RETURNS_MIN + 1} are needed for a fit.`,
    { bars: series.barCount, barsNeeded: RETURNS_MIN + 1 },
  );
}
