import type { LiveSeries } from './live-series.ts';
import { hasBarsForFit } from './need-bars.ts';

/** Whether so many bars have come since the last fit that a new version is to be fitted; 0 of them means never. */
export function isFitDue(series: LiveSeries, refitAfterBars: number): boolean {
  if (refitAfterBars === 0 || !hasBarsForFit(series)) return false;
  const { version } = series;
  if (version === undefined) return true;
  return series.returns.times.filter((time) => time > version.dataToMs).length >= refitAfterBars;
}
