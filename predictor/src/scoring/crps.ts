import { GRID_SIZE, PROBABILITIES, type Quantiles } from './grid.ts';

/**
 * The continuous ranked probability score of the distribution given by `quantiles`, exactly, as twice the integral
 * of the pinball loss over all probabilities (Gneiting and Ranjan 2011). In the unit of `observed`; smaller is
 * better.
 */
export function crps(quantiles: Quantiles, observed: number): number {
  const firstP = PROBABILITIES[0] ?? 0;
  const lastP = PROBABILITIES[GRID_SIZE - 1] ?? 1;
  let total = flat(0, firstP, quantiles[0] ?? 0, observed);
  total += flat(lastP, 1, quantiles[GRID_SIZE - 1] ?? 0, observed);
  for (let i = 1; i < GRID_SIZE; i += 1) {
    const p0 = PROBABILITIES[i - 1] ?? 0;
    const p1 = PROBABILITIES[i] ?? 0;
    const q0 = quantiles[i - 1] ?? 0;
    const q1 = quantiles[i] ?? 0;
    if (q0 < observed && observed < q1) {
      const crossing = p0 + ((p1 - p0) * (observed - q0)) / (q1 - q0);
      total += sloped(p0, crossing, q0, observed, observed) + sloped(crossing, p1, observed, q1, observed);
    } else {
      total += sloped(p0, p1, q0, q1, observed);
    }
  }
  return 2 * total;
}

function flat(p0: number, p1: number, q: number, observed: number): number {
  return sloped(p0, p1, q, q, observed);
}

/**
 * The integral of pinball loss over [p0, p1] where the quantile goes in a line from q0 to q1 and stays on one
 * side of the observed value. The integrand is a product of two lines, for which Simpson's rule is exact.
 */
function sloped(p0: number, p1: number, q0: number, q1: number, observed: number): number {
  const hit = q0 + q1 > 2 * observed ? 1 : 0;
  const pm = (p0 + p1) / 2;
  const qm = (q0 + q1) / 2;
  const sum = (hit - p0) * (q0 - observed) + 4 * (hit - pm) * (qm - observed) + (hit - p1) * (q1 - observed);
  return ((p1 - p0) * sum) / 6;
}

/** The pinball (quantile) loss of quantile `q` at probability `p`. */
export function pinball(p: number, q: number, observed: number): number {
  return (observed - q) * (p - (observed < q ? 1 : 0));
}
