import { PROBABILITIES, type Quantiles, quantileAt } from '../scoring/grid.ts';

/**
 * Adaptive conformal inference (Gibbs and Candes 2021), one-sided, at a few anchor probabilities. For each anchor p
 * it tracks the probability g(p) that has to be asked of the model so that returns fall below the answer with
 * frequency p: after a return below, g is lowered; after one above, raised. Each step is taken in logits and in
 * proportion to how rare a miss is, so that g stays in (0, 1) and the tails are not thrown about by one day.
 *
 * The errors at an anchor sum to the distance that its shift has gone, so as long as the shift stays bounded the
 * long-run frequency is p, whatever the returns do: that is the guarantee of the method.
 */
export interface CalibrationState {
  /** logit g(p) - logit p at each anchor. */
  readonly shifts: readonly number[];
}

/** The bounds of the 99, 95, 80 and 50 % intervals, and the median. */
const ANCHORS: readonly number[] = [0.005, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.995];
/** Learning rate. */
const RATE = 0.005;
/** In logits: enough for a model whose volatility is wrong by half, and a bound on how far bad data can drag it. */
const SHIFT_MAX = 3;

export const UNCALIBRATED: CalibrationState = { shifts: ANCHORS.map(() => 0) };

/** `probability` is the model's own probability of a return at most the one seen. */
export function adapt(state: CalibrationState, probability: number): CalibrationState {
  return {
    shifts: ANCHORS.map((p, i) => {
      const shift = state.shifts[i] ?? 0;
      const below = probability <= shiftedBy(p, shift) ? 1 : 0;
      const step = (RATE * (p - below)) / Math.sqrt(p * (1 - p));
      return Math.max(-SHIFT_MAX, Math.min(SHIFT_MAX, shift + step));
    }),
  };
}

/** The distribution with its probabilities corrected. */
export function calibrate(quantiles: Quantiles, state: CalibrationState): Quantiles {
  const corrected = PROBABILITIES.map((p) => quantileAt(quantiles, shiftedBy(p, shiftAt(state, p))));
  // Neighbouring anchors may cross for a while; the distribution may not (rearrangement: Chernozhukov et al. 2010).
  return corrected.sort((a, b) => a - b);
}

/**
 * For the return over `step` bars: what was learnt is the shape of one bar's return, and sums of many lose their shape.
 * Measured on the sample over 5, 10 and 20 bars, the whole correction is worse there than none (docs/decisions/0105).
 */
export function faded(state: CalibrationState, step: number): CalibrationState {
  return { shifts: state.shifts.map((shift) => shift / step) };
}

function shiftedBy(p: number, shift: number): number {
  const odds = (p / (1 - p)) * Math.exp(shift);
  return odds / (1 + odds);
}

/** Between anchors in proportion to the logit, beyond the outer ones as there. */
function shiftAt(state: CalibrationState, p: number): number {
  const next = ANCHORS.findIndex((anchor) => anchor >= p);
  if (next === 0) return state.shifts[0] ?? 0;
  if (next === -1) return state.shifts[ANCHORS.length - 1] ?? 0;
  const from = logit(ANCHORS[next - 1] ?? 0);
  const to = logit(ANCHORS[next] ?? 0);
  const share = (logit(p) - from) / (to - from);
  return (1 - share) * (state.shifts[next - 1] ?? 0) + share * (state.shifts[next] ?? 0);
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
