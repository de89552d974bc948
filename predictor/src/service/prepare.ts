import type { ReturnSeries } from '../backtest/walk-forward.ts';
import { calibrate, faded } from '../models/calibration.ts';
import { combine } from '../models/combination.ts';
import { Forecaster } from '../models/forecaster.ts';
import { BASELINE } from '../models/settings.ts';
import { simulatePaths } from '../models/simulate.ts';
import type { Quantiles } from '../scoring/grid.ts';
import { filtersOf, scored } from './fit-version.ts';
import { HORIZON_MAX, RECORD_DAYS } from './limits.ts';
import type { ScoredDay, VersionBody } from './version.ts';

const PAIRS = 4000;

/** Everything that a forecast request can ask for, worked out beforehand; returns are log returns in percent. */
export interface Prepared {
  /** By step, from 1: the return from the newest bar to the end of the step. */
  readonly quantiles: readonly Quantiles[];
  /** By step: the standard deviation of that step's own return. */
  readonly volatility: readonly number[];
  readonly weights: Readonly<Record<string, number>>;
  /** The newest days that met their forecast, out of sample, oldest first. */
  readonly record: readonly ScoredDay[];
}

/**
 * Brings a version up to the newest bar (each return since its fit is forecast, scored and learnt from, as it
 * would have been live) and forecasts from there. `seed` makes the simulation repeatable.
 */
export function prepare(series: ReturnSeries, dataToMs: number, body: VersionBody, seed: number): Prepared {
  const known = countUpTo(series.times, dataToMs);
  const filters = filtersOf(body.models, series.returns.subarray(0, known), body.settings);
  const forecaster = new Forecaster(filters, {
    baseline: BASELINE,
    state: { ...body.learnt },
    adaptive: body.adaptive,
  });
  const record: ScoredDay[] = [...body.record];
  for (let t = known; t < series.returns.length; t += 1) {
    record.push(scored(series.times[t] ?? 0, forecaster.observe(series.returns[t] ?? Number.NaN)));
  }

  const { weights, quantiles: next } = forecaster.forecast();
  const { calibration } = forecaster.state;
  const simulated = forecaster.filters.map((filter) => ({
    filter,
    paths: simulatePaths(filter, HORIZON_MAX, PAIRS, seed),
  }));
  const quantiles: Quantiles[] = [];
  const volatility: number[] = [];
  for (let step = 1; step <= HORIZON_MAX; step += 1) {
    const parts = new Map(simulated.map(({ filter, paths }) => [filter.name, paths[step - 1] ?? []]));
    // The first step has a formula.
    quantiles.push(step === 1 ? next : calibrate(combine(parts, weights), faded(calibration, step)));
    volatility.push(forecaster.volatility(step));
  }
  return { quantiles, volatility, weights: Object.fromEntries(weights), record: record.slice(-RECORD_DAYS) };
}

/** How many returns were known when the bar at `timeMs` was the newest. */
function countUpTo(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
