import { crps } from '../scoring/crps.ts';
import { probabilityOf, type Quantiles } from '../scoring/grid.ts';
import { adapt, type CalibrationState, calibrate, UNCALIBRATED } from './calibration.ts';
import { type CombinationState, combine, learn, NOTHING_LEARNT, weightsOf } from './combination.ts';
import type { Filter } from './model.ts';

/** All that a forecaster has learnt beyond the parameters of its models: plain data, kept with a model version. */
export interface LearntState {
  readonly combination: CombinationState;
  readonly calibration: CalibrationState;
  /** The baseline's CRPS, smoothed: the unit in which losses are compared. */
  readonly unit: number | null;
}

const NEWBORN: LearntState = {
  combination: NOTHING_LEARNT,
  calibration: UNCALIBRATED,
  unit: null,
};

export interface OneStepForecast {
  /** Calibrated. */
  readonly quantiles: Quantiles;
  /** As the models say it. */
  readonly raw: Quantiles;
  readonly parts: ReadonlyMap<string, Quantiles>;
  readonly weights: ReadonlyMap<string, number>;
}

/** What one return taught, for whoever keeps score. */
export interface Lesson {
  readonly forecast: OneStepForecast;
  readonly observed: number;
  /** The standard deviation that was forecast. */
  readonly volatility: number;
  readonly crps: number;
  readonly crpsOfParts: ReadonlyMap<string, number>;
}

/**
 * The whole forecast of the next return: models, weights, calibration. `observe` is the only way in for data, and
 * scores the forecast that stood before it; so the backtest and the service, which both do nothing but
 * forecast and observe, are the same code.
 */
export class Forecaster {
  #filters: readonly Filter[];
  #state: LearntState;
  readonly #baseline: string;
  readonly #adaptive: boolean;
  #standing: OneStepForecast | undefined;

  /** With `adaptive` false nothing is learnt: weights and calibration stay as they are given. */
  constructor(
    filters: readonly Filter[],
    options: { readonly baseline: string; readonly state?: LearntState; readonly adaptive?: boolean },
  ) {
    this.#filters = filters;
    this.#baseline = options.baseline;
    this.#state = options.state ?? NEWBORN;
    this.#adaptive = options.adaptive ?? true;
  }

  get filters(): readonly Filter[] {
    return this.#filters;
  }

  get state(): LearntState {
    return this.#state;
  }

  get weights(): ReadonlyMap<string, number> {
    return weightsOf(
      this.#state.combination,
      this.#filters.map((filter) => filter.name),
    );
  }

  /** The standard deviation of the return `step` bars ahead: that of each model, weighted. */
  volatility(step: number): number {
    const weights = this.weights;
    return this.#filters.reduce(
      (sum, filter) => sum + (weights.get(filter.name) ?? 0) * filter.volatility(step),
      0,
    );
  }

  /** New parameters for the same models, at a refit; what was learnt about them stays. */
  replaceFilters(filters: readonly Filter[]): void {
    this.#filters = filters;
    this.#standing = undefined;
  }

  forecast(): OneStepForecast {
    if (this.#standing !== undefined) return this.#standing;
    const parts = new Map(this.#filters.map((filter) => [filter.name, filter.quantiles()]));
    const weights = this.weights;
    const raw = combine(parts, weights);
    this.#standing = { quantiles: calibrate(raw, this.#state.calibration), raw, parts, weights };
    return this.#standing;
  }

  observe(observed: number): Lesson {
    const forecast = this.forecast();
    const crpsOfParts = new Map([...forecast.parts].map(([name, q]) => [name, crps(q, observed)]));
    const volatility = this.volatility(1);
    const lesson = { forecast, observed, volatility, crps: crps(forecast.quantiles, observed), crpsOfParts };

    if (this.#adaptive) this.#learn(lesson);
    for (const filter of this.#filters) filter.observe(observed);
    this.#standing = undefined;
    return lesson;
  }

  #learn({ forecast, observed, crps: own, crpsOfParts }: Lesson): void {
    const base = crpsOfParts.get(this.#baseline) ?? own;
    const unit = this.#state.unit === null ? base : 0.99 * this.#state.unit + 0.01 * base;
    this.#state = {
      unit,
      combination: learn(this.#state.combination, crpsOfParts, Math.max(unit, 1e-9)),
      calibration: adapt(this.#state.calibration, probabilityOf(forecast.raw, observed)),
    };
  }
}
