import { GRID_SIZE, type Quantiles } from '../scoring/grid.ts';

/** What the weights have learnt: the discounted loss of each model, in units of the baseline's. */
export interface CombinationState {
  readonly losses: Readonly<Record<string, number>>;
}

/** Half of what a day taught is forgotten after about 140 bars. */
const FORGETTING = 0.995;
/** How sharply the better model is preferred: a model that is 1 % worse for long gets e^-2 of the weight. */
const SHARPNESS = 1;

export const NOTHING_LEARNT: CombinationState = { losses: {} };

/** Exponential weights on past CRPS, updated after each observed return (Vovk's aggregating rule with discount). */
export function weightsOf(state: CombinationState, names: readonly string[]): Map<string, number> {
  const best = Math.min(...names.map((name) => state.losses[name] ?? 0));
  const raw = names.map((name) => Math.exp(-SHARPNESS * ((state.losses[name] ?? 0) - best)));
  const total = raw.reduce((sum, w) => sum + w, 0);
  return new Map(names.map((name, i) => [name, (raw[i] ?? 0) / total]));
}

/** `scores` are the CRPS of each model's forecast of the return just seen; `unit` is the baseline's usual CRPS. */
export function learn(
  state: CombinationState,
  scores: ReadonlyMap<string, number>,
  unit: number,
): CombinationState {
  const losses: Record<string, number> = {};
  for (const [name, score] of scores) losses[name] = FORGETTING * (state.losses[name] ?? 0) + score / unit;
  return { losses };
}

/** Averages quantiles, not densities: the combined forecast keeps the shape and the sharpness of its parts. */
export function combine(
  parts: ReadonlyMap<string, Quantiles>,
  weights: ReadonlyMap<string, number>,
): Quantiles {
  const combined = new Array<number>(GRID_SIZE).fill(0);
  for (const [name, quantiles] of parts) {
    const weight = weights.get(name) ?? 0;
    for (let i = 0; i < GRID_SIZE; i += 1) combined[i] = (combined[i] ?? 0) + weight * (quantiles[i] ?? 0);
  }
  return combined;
}
