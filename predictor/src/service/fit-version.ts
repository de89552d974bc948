import { everyBars, type ReturnSeries } from '../backtest/walk-forward.ts';
import { createFilter } from '../models/create-filter.ts';
import { fitFamily } from '../models/family.ts';
import { Forecaster, type Lesson } from '../models/forecaster.ts';
import type { Filter, FittedModel } from '../models/model.ts';
import { BASELINE, type FamilySettings } from '../models/settings.ts';
import { probabilityOf } from '../scoring/grid.ts';
import { EVALUATION_DAYS, RECORD_DAYS, RETURNS_MIN } from './limits.ts';
import type { ScoredDay, VersionBody } from './version.ts';

/** How often the trial of a new version refits. */
const EVALUATION_REFIT_BARS = 125;

export type FitOutcome =
  | { readonly fitted: true; readonly body: VersionBody }
  | { readonly fitted: false; readonly model: string; readonly reason: string };

/**
 * Makes a version: walks over the newest days as the service would have lived them, so that weights, calibration and
 * scores are out of sample, and then fits the parameters on all that is there.
 */
export function fitVersion(series: ReturnSeries, settings: FamilySettings): FitOutcome {
  const count = series.returns.length;
  const start = Math.max(RETURNS_MIN, count - EVALUATION_DAYS);
  let models: readonly FittedModel[] = [];
  let failure: { model: string; reason: string } | undefined;
  const learn = (t: number): readonly Filter[] | undefined => {
    const result = fitFamily(series.returns.subarray(0, t), settings, models);
    if (result.converged) models = result.models;
    else failure = result;
    return models.length === 0 ? undefined : filtersOf(models, series.returns.subarray(0, t), settings);
  };

  const refitDay = everyBars(EVALUATION_REFIT_BARS);
  const record: ScoredDay[] = [];
  let forecaster: Forecaster | undefined;
  for (let t = start; t < count; t += 1) {
    if (forecaster === undefined || refitDay(count - t)) {
      const filters = learn(t);
      // Where an early stretch cannot be fitted, the trial begins at the next refit.
      if (filters === undefined) continue;
      if (forecaster === undefined) forecaster = new Forecaster(filters, { baseline: BASELINE });
      else forecaster.replaceFilters(filters);
    }
    record.push(scored(series.times[t] ?? 0, forecaster.observe(series.returns[t] ?? Number.NaN)));
  }

  // The parameters that will serve must come from a fit that converged on all of the data; the trial's may be older.
  failure = undefined;
  const filters = learn(count);
  const { reason, model } = failure ?? { reason: '', model: '' };
  if (filters === undefined || reason !== '') return { fitted: false, model, reason };
  forecaster ??= new Forecaster(filters, { baseline: BASELINE });
  return {
    fitted: true,
    body: {
      settings,
      models: [...models],
      learnt: thawed(forecaster),
      adaptive: true,
      record: record.slice(-RECORD_DAYS),
    },
  };
}

/** The filters of fitted models after the newest of `history`. */
export function filtersOf(
  models: readonly FittedModel[],
  history: Float64Array,
  settings: FamilySettings,
): readonly Filter[] {
  const recent = history.subarray(Math.max(0, history.length - settings.fitBars));
  return models.map((model) => createFilter(model, recent));
}

export function scored(time: number, lesson: Lesson): ScoredDay {
  return {
    time,
    probability: probabilityOf(lesson.forecast.quantiles, lesson.observed),
    crps: lesson.crps,
    baselineCrps: lesson.crpsOfParts.get(BASELINE) ?? Number.NaN,
  };
}

function thawed(forecaster: Forecaster): VersionBody['learnt'] {
  const { combination, calibration, unit } = forecaster.state;
  return {
    combination: { losses: { ...combination.losses } },
    calibration: { shifts: [...calibration.shifts] },
    unit,
  };
}
