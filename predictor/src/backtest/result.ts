import type { CoverageTest } from '../scoring/coverage.ts';
import type { DieboldMariano, Skill } from '../scoring/diebold-mariano.ts';
import type { LookAheadAudit } from './look-ahead.ts';

/** The intervals whose coverage is tested. */
export const LEVELS: readonly number[] = [0.5, 0.8, 0.95, 0.99];

interface ModelScore {
  readonly name: string;
  /** Mean, in percent of return. */
  readonly crps: number;
  readonly skill: Skill;
  /** Against the baseline on the CRPS of each day; undefined for the baseline itself. */
  readonly dieboldMariano: DieboldMariano | undefined;
}

export interface PinballScore {
  readonly probability: number;
  readonly combined: number;
  readonly baseline: number;
}

/** One scored day; returns and quantiles are one-day log returns in percent. */
export interface DayScore {
  readonly time: number;
  readonly observed: number;
  readonly probability: number;
  readonly volatility: number;
  readonly crps: number;
  readonly baselineCrps: number;
  /** The bounds of the interval of each of `LEVELS`. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** Plain data: it is stored, sent, and drawn from. */
export interface BacktestResult {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly refit: string;
  readonly fitBars: number;
  readonly refits: number;
  /** Refits that did not converge: the parameters of before stayed. */
  readonly refitsFailed: number;
  readonly scores: readonly ModelScore[];
  readonly coverage: readonly CoverageTest[];
  readonly pinball: readonly PinballScore[];
  readonly audit: LookAheadAudit;
  /** The weight of each model on the last day of each refit period. */
  readonly weights: readonly { readonly time: number; readonly weights: Readonly<Record<string, number>> }[];
  readonly days: readonly DayScore[];
}

/** What the combination of all models is called beside them. */
export const COMBINED = 'combined';
