import type { Quantiles } from '../scoring/grid.ts';
import type { GarchParameters } from './garch-likelihood.ts';

/** A model with its parameters: plain data, kept in the store and sent between threads. */
export type FittedModel =
  | { readonly kind: 'historical'; readonly name: string; readonly windowBars: number }
  | { readonly kind: 'ewma'; readonly name: string; readonly lambda: number }
  | { readonly kind: 'garch'; readonly name: string; readonly parameters: GarchParameters };

/**
 * A fitted model that has read the returns up to now. It knows nothing of what comes after: returns are given to
 * it one by one, once they have happened.
 */
export interface Filter {
  readonly name: string;
  /** The distribution of the next return. The array is the caller's to keep. */
  quantiles(): Quantiles;
  /** The standard deviation of the return `step` bars ahead, from 1, as seen from now. */
  volatility(step: number): number;
  observe(logReturn: number): void;
  /** One simulated way into the future, written into `path` (the return of each step). */
  simulate(draw: Draw, path: Float64Array): void;
}

/** The randomness of one simulated step; the same for all models, so that they differ by model only. */
export interface Draw {
  /** Standardised innovation of step `step`, for a shape. */
  innovation(step: number, dof: number | undefined): number;
  /** Uniform on (0, 1). */
  uniform(step: number): number;
}
