import { studentQuantile, studentTwoSided } from '../numerics/distributions.ts';

export interface DieboldMariano {
  /** Negative: the first forecast has the smaller loss. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  readonly meanDifference: number;
  readonly lags: number;
}

/**
 * Diebold and Mariano (1995) on two series of losses of one-step forecasts, with the long-run variance by Newey and
 * West and the small-sample correction of Harvey, Leybourne and Newbold (1997).
 */
export function dieboldMariano(
  first: readonly number[],
  second: readonly number[],
  lags: number = neweyWestLags(first.length),
): DieboldMariano {
  const difference = first.map((loss, t) => loss - (second[t] ?? Number.NaN));
  const count = difference.length;
  const mean = average(difference);
  const variance = longRunVariance(difference, lags) / count;
  const corrected = Math.sqrt((count - 1) / count);
  const statistic = variance > 0 ? (mean / Math.sqrt(variance)) * corrected : 0;
  return { statistic, pValue: studentTwoSided(statistic, count - 1), meanDifference: mean, lags };
}

export interface Skill {
  /** 1 - (loss / loss of the baseline): 0 is as good as the baseline, 1 is perfect, negative is worse. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Of the interval from `lower` to `upper`. */
  readonly confidence: number;
  readonly days: number;
}

/** The skill over the baseline with its confidence interval, by the delta method on a ratio of means. */
export function skillOver(losses: readonly number[], baseline: readonly number[], confidence = 0.95): Skill {
  const count = losses.length;
  const base = average(baseline);
  const ratio = average(losses) / base;
  const linear = losses.map((loss, t) => (loss - ratio * (baseline[t] ?? Number.NaN)) / base);
  const error = Math.sqrt(Math.max(0, longRunVariance(linear, neweyWestLags(count))) / count);
  const half = error * studentQuantile((1 + confidence) / 2, Math.max(1, count - 1));
  const value = 1 - ratio;
  return { value, lower: value - half, upper: value + half, confidence, days: count };
}

/** The usual rule of thumb for the Bartlett kernel, 4 (n / 100)^(2/9). */
export function neweyWestLags(count: number): number {
  return Math.floor(4 * (count / 100) ** (2 / 9));
}

/** Newey and West (1987): the variance of the mean times n, with Bartlett's falling weights. */
export function longRunVariance(x: readonly number[], lags: number): number {
  const mean = average(x);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let t = lag; t < x.length; t += 1) sum += ((x[t] ?? 0) - mean) * ((x[t - lag] ?? 0) - mean);
    return sum / x.length;
  };
  let total = covariance(0);
  for (let lag = 1; lag <= lags; lag += 1) total += 2 * (1 - lag / (lags + 1)) * covariance(lag);
  return total;
}

export function average(x: readonly number[]): number {
  return x.reduce((sum, xi) => sum + xi, 0) / x.length;
}
