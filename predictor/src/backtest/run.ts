import { createFilter } from '../models/create-filter.ts';
import { fitFamily, MODEL_NAMES } from '../models/family.ts';
import type { FittedModel } from '../models/model.ts';
import { BASELINE, type FamilySettings } from '../models/settings.ts';
import { Problem } from '../problems.ts';
import { testCoverage } from '../scoring/coverage.ts';
import { pinball } from '../scoring/crps.ts';
import { average, dieboldMariano, skillOver } from '../scoring/diebold-mariano.ts';
import { probabilityOf, type Quantiles, quantileAt } from '../scoring/grid.ts';
import { auditLookAhead, type LearnerFactory } from './look-ahead.ts';
import { type BacktestResult, COMBINED, type DayScore, LEVELS, type PinballScore } from './result.ts';
import {
  everyBars,
  monthly,
  type ReturnSeries,
  type WalkDay,
  type WalkOptions,
  walkForward,
} from './walk-forward.ts';

export interface BacktestSettings {
  readonly symbol: string;
  /** ms UTC, inclusive; the walk begins at the first bar from here that has enough history before it. */
  readonly fromMs: number;
  /** ms UTC, inclusive. */
  readonly toMs: number;
  readonly refit: 'monthly' | { readonly everyBars: number };
  readonly family: FamilySettings;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Returns before the first scored day. */
const HISTORY_MIN = 500;
const WARM_UP_DAYS = 250;
const DAYS_MIN = 100;
const PROGRESS_EVERY_DAYS = 50;
/** The share of the walk that the audit repeats. */
const AUDITED_SHARE = 0.15;
const PINBALL_PROBABILITIES = [0.005, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.995];

/**
 * @throws Problem too-few-bars
 */
export function runBacktest(
  series: ReturnSeries,
  settings: BacktestSettings,
  onProgress: (progress: Progress) => void = () => {},
): BacktestResult {
  const { from, to } = range(series, settings);
  const options: WalkOptions = {
    baseline: BASELINE,
    from,
    to,
    warmUpDays: WARM_UP_DAYS,
    historyMin: Math.max(settings.family.historicalBars, HISTORY_MIN - WARM_UP_DAYS),
    isRefitDay: settings.refit === 'monthly' ? monthly(series.times) : everyBars(settings.refit.everyBars),
  };
  const cut = auditCut(from, to, options.isRefitDay);
  const total = to - from + (cut - from);

  onProgress({ done: 0, total });
  const tally = { refits: 0, failed: 0 };
  const tallies = new Tallies();
  const audited = new Map<number, Quantiles>();
  const refitTimes: BacktestResult['weights'][number][] = [];
  for (const day of walkForward(series, familyLearner(settings.family, tally)(series), options)) {
    tallies.add(series.times[day.t] ?? 0, day);
    if (day.t <= cut) audited.set(day.t, day.forecast.quantiles);
    if (day.t + 1 === to || options.isRefitDay(day.t + 1)) {
      refitTimes.push({ time: series.times[day.t] ?? 0, weights: Object.fromEntries(day.forecast.weights) });
    }
    const done = day.t + 1 - from;
    if (done % PROGRESS_EVERY_DAYS === 0) onProgress({ done, total });
  }
  const audit = auditLookAhead(
    series,
    familyLearner(settings.family, { refits: 0, failed: 0 }),
    options,
    cut,
    audited,
  );
  onProgress({ done: total, total });
  return {
    symbol: settings.symbol,
    from: series.times[from] ?? 0,
    to: series.times[to - 1] ?? 0,
    refit: settings.refit === 'monthly' ? 'monthly' : `every ${settings.refit.everyBars} bars`,
    fitBars: settings.family.fitBars,
    refits: tally.refits,
    refitsFailed: tally.failed,
    ...tallies.summary(),
    audit,
    weights: refitTimes,
  };
}

function range(series: ReturnSeries, settings: BacktestSettings): { from: number; to: number } {
  const first = series.times.findIndex((time) => time >= settings.fromMs);
  const from = Math.max(HISTORY_MIN, first === -1 ? series.times.length : first);
  const after = series.times.findIndex((time) => time > settings.toMs);
  const to = after === -1 ? series.times.length : after;
  if (to - from < DAYS_MIN) {
    throw new Problem(
      'too-few-bars',
      `${Math.max(0, to - from)} days are left to score after ${HISTORY_MIN} bars of history; ` +
        `at least ${DAYS_MIN} are needed.`,
    );
  }
  return { from, to };
}

/** The first day of a refit after a share of the walk; without one, a day near there. */
function auditCut(from: number, to: number, isRefitDay: (t: number) => boolean): number {
  const wanted = Math.min(to - 1, from + Math.max(DAYS_MIN, Math.floor((to - from) * AUDITED_SHARE)));
  for (let t = wanted; t < to; t += 1) if (isRefitDay(t)) return t;
  return wanted;
}

/** Learns the whole family from the history it is given, beginning each fit at the parameters of the last. */
function familyLearner(settings: FamilySettings, tally: { refits: number; failed: number }): LearnerFactory {
  return () => {
    let models: readonly FittedModel[] = [];
    return (history) => {
      const result = fitFamily(history, settings, models);
      tally.refits += 1;
      if (result.converged) models = result.models;
      else tally.failed += 1;
      if (models.length === 0 && !result.converged) {
        throw new Problem('fit-failed', `The first fit did not converge: ${result.model}, ${result.reason}.`);
      }
      const recent = history.subarray(Math.max(0, history.length - settings.fitBars));
      return models.map((model) => createFilter(model, recent));
    };
  };
}

/** Gathers the days into columns, so that no day's distributions are kept. */
class Tallies {
  readonly #days: DayScore[] = [];
  readonly #crps = new Map<string, number[]>([COMBINED, ...MODEL_NAMES].map((name) => [name, []]));
  readonly #pinball = PINBALL_PROBABILITIES.map(() => ({ combined: 0, baseline: 0 }));

  add(time: number, day: WalkDay): void {
    const { quantiles, parts } = day.forecast;
    const baseline = parts.get(BASELINE) ?? quantiles;
    this.#crps.get(COMBINED)?.push(day.crps);
    for (const [name, score] of day.crpsOfParts) this.#crps.get(name)?.push(score);
    for (const [i, p] of PINBALL_PROBABILITIES.entries()) {
      const sums = this.#pinball[i];
      if (sums === undefined) continue;
      sums.combined += pinball(p, quantileAt(quantiles, p), day.observed);
      sums.baseline += pinball(p, quantileAt(baseline, p), day.observed);
    }
    this.#days.push({
      time,
      observed: day.observed,
      probability: probabilityOf(quantiles, day.observed),
      volatility: day.volatility,
      crps: day.crps,
      baselineCrps: day.crpsOfParts.get(BASELINE) ?? Number.NaN,
      lower: LEVELS.map((level) => quantileAt(quantiles, (1 - level) / 2)),
      upper: LEVELS.map((level) => quantileAt(quantiles, (1 + level) / 2)),
    });
  }

  summary(): Pick<BacktestResult, 'scores' | 'coverage' | 'pinball' | 'days'> {
    const baseline = this.#crps.get(BASELINE) ?? [];
    const scores = [...this.#crps].map(([name, losses]) => ({
      name,
      crps: average(losses),
      skill: skillOver(losses, baseline),
      dieboldMariano: name === BASELINE ? undefined : dieboldMariano(losses, baseline),
    }));
    const coverage = LEVELS.map((level, i) =>
      testCoverage(
        this.#days.map((day) => day.observed < (day.lower[i] ?? 0) || day.observed > (day.upper[i] ?? 0)),
        level,
      ),
    );
    const count = this.#days.length;
    const pinballScores: PinballScore[] = PINBALL_PROBABILITIES.map((probability, i) => ({
      probability,
      combined: (this.#pinball[i]?.combined ?? 0) / count,
      baseline: (this.#pinball[i]?.baseline ?? 0) / count,
    }));
    return { scores, coverage, pinball: pinballScores, days: this.#days };
  }
}
