import assert from 'node:assert/strict';
import { Forecaster, type Lesson, type OneStepForecast } from '../models/forecaster.ts';
import type { Filter } from '../models/model.ts';

/** Log returns in percent, and the time (ms UTC) of the bar that ends each. */
export interface ReturnSeries {
  readonly times: Float64Array;
  readonly returns: Float64Array;
}

/** Makes the models from the returns before a day. It is given those and no others. */
export type Learner = (history: Float64Array) => readonly Filter[];

export interface WalkOptions {
  readonly baseline: string;
  /** The first day that is scored. */
  readonly from: number;
  /** One past the last day that is scored. */
  readonly to: number;
  /** Days forecast before `from`, unscored, so that weights and calibration have something to go on. */
  readonly warmUpDays: number;
  /** Whether the models are made anew before day `t`. */
  readonly isRefitDay: (t: number) => boolean;
  /** Bars that the first fit needs at least. */
  readonly historyMin: number;
}

export interface WalkDay extends Lesson {
  readonly t: number;
}

/**
 * Walks through the series: forecasts day t from the days before it, then sees day t. Only days from `from` to `to`
 * are given out, each with its forecast and score; the generator returns the forecast of day `to`, for who asks.
 *
 * Nothing of the future is within reach: the learner is given a copy of the past, and the filters are given each
 * return after their forecast of it was taken. What a learner brings with it from elsewhere is the audit's matter
 * (`look-ahead.ts`).
 */
export function* walkForward(
  series: ReturnSeries,
  learner: Learner,
  options: WalkOptions,
): Generator<WalkDay, () => OneStepForecast> {
  const start = Math.max(options.historyMin, options.from - options.warmUpDays);
  assert(options.from >= options.historyMin, 'the walk begins before there is a history to fit');
  assert(options.to <= series.returns.length, 'the walk ends after the series');

  const learnt = (t: number): readonly Filter[] => learner(series.returns.slice(0, t));
  const forecaster = new Forecaster(learnt(start), { baseline: options.baseline });
  const refit = (t: number): void => {
    if (options.isRefitDay(t)) forecaster.replaceFilters(learnt(t));
  };
  for (let t = start; t < options.to; t += 1) {
    if (t > start) refit(t);
    const lesson = forecaster.observe(series.returns[t] ?? Number.NaN);
    if (t >= options.from) yield { t, ...lesson };
  }
  return () => {
    refit(options.to);
    return forecaster.forecast();
  };
}

/** A refit before the first day of each calendar month (UTC). */
export function monthly(times: Float64Array): (t: number) => boolean {
  const month = (t: number): number => new Date(times[t] ?? 0).getUTCMonth();
  return (t) => t > 0 && month(t) !== month(t - 1);
}

/** A refit every `bars` bars. */
export function everyBars(bars: number): (t: number) => boolean {
  return (t) => t % bars === 0;
}
