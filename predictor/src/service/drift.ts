import type { ReturnSeries } from '../backtest/walk-forward.ts';
import { Forecaster } from '../models/forecaster.ts';
import type { FittedModel } from '../models/model.ts';
import { BASELINE } from '../models/settings.ts';
import { filtersOf, scored } from './fit-version.ts';
import { RECORD_DAYS } from './limits.ts';
import type { VersionBody } from './version.ts';

/**
 * A version that is bad on purpose, as one is that was fitted on wrong data: the volatility of every model but the
 * baseline is `factor` times what it was, and the calibration no longer follows. Its record is what it would have
 * forecast for the newest days, so that the metrics show at once what it is worth.
 */
export function driftedBody(body: VersionBody, series: ReturnSeries, factor: number): VersionBody {
  const { settings } = body;
  const learnt = { ...body.learnt, combination: { losses: withoutUnscaled(body) } };
  const models = body.models.map((model) => drifted(model, factor));
  const start = Math.max(1, series.returns.length - RECORD_DAYS);
  const forecaster = new Forecaster(filtersOf(models, series.returns.subarray(0, start), settings), {
    baseline: BASELINE,
    state: { ...learnt },
    adaptive: false,
  });
  const record = [];
  for (let t = start; t < series.returns.length; t += 1) {
    record.push(scored(series.times[t] ?? 0, forecaster.observe(series.returns[t] ?? Number.NaN)));
  }
  return { settings, models, learnt, adaptive: false, record };
}

/** Losses by which the models that stay right (the baseline, EWMA) get no weight. */
function withoutUnscaled({ models, learnt }: VersionBody): Record<string, number> {
  return Object.fromEntries(
    models.map(({ kind, name }) => [name, kind === 'garch' ? (learnt.combination.losses[name] ?? 0) : 1e4]),
  );
}

/** The variance equation is scaled as a whole, and its reaction with it, so that it stays wrong by the same factor. */
function drifted(model: FittedModel, factor: number): FittedModel {
  switch (model.kind) {
    case 'garch': {
      const { parameters } = model;
      const by = factor * factor;
      return {
        ...model,
        parameters: {
          ...parameters,
          omega: parameters.omega * by,
          alpha: parameters.alpha * by,
          gamma: parameters.gamma * by,
        },
      };
    }
    case 'ewma':
    case 'historical':
      return model;
    default:
      return model satisfies never;
  }
}
