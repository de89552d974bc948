import { quantileAt } from '../scoring/grid.ts';
import type { Standing } from './live-series.ts';
import { scoresOf } from './scores.ts';

interface Interval {
  readonly level: number;
  readonly lower: number;
  readonly upper: number;
}

interface Distribution {
  readonly median: number;
  readonly intervals: Interval[];
}

interface ForecastStep {
  readonly step: number;
  /** The bar that ends the step, by the series' calendar; a holiday moves it. */
  readonly time: string;
  /** The log return from the newest bar to the end of the step, as a fraction: 0.01 is about 1 %. */
  readonly return: Distribution;
  readonly price: Distribution;
  /** The standard deviation of this step's own return, as a fraction, and the same per year. */
  readonly volatility: { readonly perBar: number; readonly annualised: number };
}

type StaleReason = 'data-behind-calendar' | 'refresh-failing' | 'newer-data-not-used-yet';

export interface Forecast {
  readonly symbol: string;
  readonly dataAsOf: string;
  readonly lastClose: number;
  readonly model: { readonly version: number; readonly weights: Readonly<Record<string, number>> };
  readonly stale: boolean;
  readonly staleReasons: { readonly reason: StaleReason; readonly detail: string }[];
  /** Out of sample, over the newest days, against the random walk; null while there are too few. */
  readonly skill: {
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
    readonly confidence: number;
    readonly days: number;
  } | null;
  readonly steps: ForecastStep[];
}

/** The answer to a request, from a forecast that stands. */
export function describeForecast(
  standing: Standing,
  horizon: number,
  levels: readonly number[],
  staleReasons: Forecast['staleReasons'],
): Forecast {
  const { version, prepared, dataAsOfMs, lastClose, calendar } = standing;
  const times = calendar.next(dataAsOfMs, horizon);
  const yearly = Math.sqrt(calendar.barsPerYear);
  const steps = prepared.quantiles.slice(0, horizon).map((quantiles, i): ForecastStep => {
    const at = (p: number): number => quantileAt(quantiles, p) / 100;
    const volatility = (prepared.volatility[i] ?? Number.NaN) / 100;
    const bounds = levels.map((level) => ({ level, lower: at((1 - level) / 2), upper: at((1 + level) / 2) }));
    const price = (logReturn: number): number => lastClose * Math.exp(logReturn);
    return {
      step: i + 1,
      time: new Date(times[i] ?? dataAsOfMs).toISOString(),
      return: { median: at(0.5), intervals: bounds },
      price: {
        median: price(at(0.5)),
        intervals: bounds.map(({ level, lower, upper }) => ({
          level,
          lower: price(lower),
          upper: price(upper),
        })),
      },
      volatility: { perBar: volatility, annualised: volatility * yearly },
    };
  });
  return {
    symbol: version.symbol,
    dataAsOf: new Date(dataAsOfMs).toISOString(),
    lastClose,
    model: { version: version.version, weights: prepared.weights },
    stale: staleReasons.length > 0,
    staleReasons,
    skill: skillOf(standing),
    steps,
  };
}

const skills = new WeakMap<Standing, Forecast['skill']>();

/** The same for every request until the next bar, so it is worked out once. */
function skillOf(standing: Standing): Forecast['skill'] {
  const known = skills.get(standing);
  if (known !== undefined) return known;
  const skill = scoresOf(standing.prepared.record)?.skill ?? null;
  skills.set(standing, skill);
  return skill;
}
