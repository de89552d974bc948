import type { ReturnSeries } from '../backtest/walk-forward.ts';
import type { Bar } from '../series/bar.ts';
import { type Calendar, learnCalendar } from '../series/calendar.ts';
import { fingerprint, returnsOf } from '../series/returns.ts';
import type { Prepared } from './prepare.ts';
import type { ModelVersion } from './version.ts';

/** A prepared forecast and what it stands on. */
export interface Standing {
  readonly version: ModelVersion;
  readonly dataAsOfMs: number;
  readonly fingerprint: string;
  readonly lastClose: number;
  readonly calendar: Calendar;
  readonly prepared: Prepared;
}

/** One series as it is served: its bars, the active version, and the forecast that stands. */
export interface LiveSeries {
  readonly symbol: string;
  readonly barCount: number;
  readonly firstMs: number;
  readonly newest: Bar;
  readonly calendar: Calendar;
  readonly returns: ReturnSeries;
  /** Of `returns`. */
  readonly fingerprint: string;
  version: ModelVersion | undefined;
  standing: Standing | undefined;
  /** The last attempt to work out a newer forecast did not succeed. */
  preparationFailed: boolean;
}

const CALENDAR_BARS = 20_000;

/** The bars as they are now, with what was known about the series before. Undefined without any bar. */
export function liveSeries(
  symbol: string,
  bars: readonly Bar[],
  before: LiveSeries | undefined,
): LiveSeries | undefined {
  const newest = bars.at(-1);
  if (newest === undefined) return undefined;
  const returns = returnsOf(bars);
  return {
    symbol,
    barCount: bars.length,
    firstMs: bars[0]?.time ?? newest.time,
    newest,
    calendar: learnCalendar(bars.slice(-CALENDAR_BARS).map((bar) => bar.time)),
    returns,
    fingerprint: fingerprint(returns),
    version: before?.version,
    standing: before?.standing,
    preparationFailed: before?.preparationFailed ?? false,
  };
}

/** Whether a forecast is from the active version and the bars as they are. */
export function isCurrent(series: LiveSeries, standing: Standing): boolean {
  return (
    standing.version.version === series.version?.version &&
    standing.dataAsOfMs === series.newest.time &&
    standing.fingerprint === series.fingerprint
  );
}

/** How many bars the series should have had since its newest one. */
export function ageInBars(series: LiveSeries, nowMs: number): number {
  return series.calendar.barsDue(series.newest.time, nowMs);
}
