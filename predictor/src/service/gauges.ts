import type { Metrics } from '../metrics.ts';
import { ageInBars, type LiveSeries } from './live-series.ts';
import { scoresOf } from './scores.ts';

/** Sets the gauges of a series; for the moment of a scrape. */
export function setGauges(metrics: Metrics, series: LiveSeries, nowMs: number, isStale: boolean): void {
  const { symbol } = series;
  metrics.newestBarAge.set({ symbol }, ageInBars(series, nowMs));
  metrics.newestBarTime.set({ symbol }, series.newest.time / 1000);
  metrics.stale.set({ symbol }, isStale ? 1 : 0);
  if (series.version !== undefined) metrics.version.set({ symbol }, series.version.version);
  const scores = scoresOf(series.standing?.prepared.record ?? []);
  if (scores === undefined) return;
  metrics.crps.set({ symbol, forecast: 'combined' }, scores.crps);
  metrics.crps.set({ symbol, forecast: 'baseline' }, scores.baselineCrps);
  metrics.skill.set({ symbol }, scores.skill.value);
  for (const { nominal, observed } of scores.coverage) {
    metrics.coverage.set({ symbol, level: String(nominal) }, observed);
  }
}
