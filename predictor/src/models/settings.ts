/** The baseline that every skill is measured against. */
export const BASELINE = 'random-walk';

/** How to make each model of the family from returns. */
export interface FamilySettings {
  /** The newest bars that a fit reads. Older ones say little about now and cost time. */
  readonly fitBars: number;
  /** The window of the baseline, in bars. */
  readonly historicalBars: number;
  readonly ewmaLambda: number;
  readonly maxIterations: number;
}

export const FAMILY_DEFAULTS: FamilySettings = {
  fitBars: 2000,
  historicalBars: 250,
  ewmaLambda: 0.94,
  maxIterations: 500,
};
