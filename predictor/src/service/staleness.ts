import type { Forecast } from './forecast.ts';
import { ageInBars, isCurrent, type LiveSeries, type Standing } from './live-series.ts';
import type { SourceStatus } from './source-status.ts';

/** Why forecasts of the series are stale: the one in `standing`, or else any that would be made now. */
export function staleReasonsOf(
  series: LiveSeries,
  nowMs: number,
  ageBarsMax: number,
  source: SourceStatus | undefined,
  standing?: Standing,
): Forecast['staleReasons'] {
  const reasons: Forecast['staleReasons'] = [];
  const age = ageInBars(series, nowMs);
  if (age > ageBarsMax) {
    reasons.push({
      reason: 'data-behind-calendar',
      detail: `About ${age} bars are due since the newest one.`,
    });
  }
  if (source?.isFailing === true) {
    reasons.push({ reason: 'refresh-failing', detail: source.detail ?? source.outcome });
  }
  const isOld = standing === undefined ? series.preparationFailed : !isCurrent(series, standing);
  if (isOld) {
    reasons.push({
      reason: 'newer-data-not-used-yet',
      detail: 'The newer forecast could not be worked out yet.',
    });
  }
  return reasons;
}
