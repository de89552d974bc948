/**
 * Every predictive distribution here is a quantile function on this one grid of probabilities, linear between its
 * points and flat outside: the widest interval that can be asked for (99.9 %) ends at its ends.
 */
export const PROBABILITIES: readonly number[] = [
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.015,
  0.02,
  0.025,
  0.03,
  0.035,
  0.04,
  0.045,
  ...Array.from({ length: 91 }, (_, i) => (i + 5) / 100),
  0.955,
  0.96,
  0.965,
  0.97,
  0.975,
  0.98,
  0.985,
  0.99,
  0.995,
  0.9975,
  0.999,
  0.9995,
];

export const GRID_SIZE: number = PROBABILITIES.length;

/**
 * Quantiles at `PROBABILITIES`, never falling. A plain array: a walk makes and drops many thousands, and typed arrays of
 * this size live outside the heap, where they pile up until the collector hears of it.
 */
export type Quantiles = readonly number[];

/** The quantile at any probability; outside the grid, that of its end. */
export function quantileAt(quantiles: Quantiles, p: number): number {
  return interpolate(PROBABILITIES, quantiles, p);
}

/** The probability of a value at most `x`: the inverse of `quantileAt`; 0 and 1 outside the grid's values. */
export function probabilityOf(quantiles: Quantiles, x: number): number {
  const first = quantiles[0] ?? 0;
  const last = quantiles[GRID_SIZE - 1] ?? 0;
  if (x < first) return 0;
  if (x >= last) return 1;
  return interpolate(quantiles, PROBABILITIES, x);
}

function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  let low = 0;
  let high = xs.length - 1;
  if (x <= (xs[low] ?? 0)) return ys[low] ?? 0;
  if (x >= (xs[high] ?? 0)) return ys[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const x0 = xs[low] ?? 0;
  const x1 = xs[high] ?? 0;
  const y0 = ys[low] ?? 0;
  const y1 = ys[high] ?? 0;
  return x1 > x0 ? y0 + ((y1 - y0) * (x - x0)) / (x1 - x0) : y1;
}

/** The quantiles of a sorted sample on the grid (type 7 of Hyndman and Fan, the usual one). */
export function quantilesOfSorted(sorted: ArrayLike<number>): Quantiles {
  const last = sorted.length - 1;
  return PROBABILITIES.map((p) => {
    const position = p * last;
    const below = Math.floor(position);
    const lower = sorted[below] ?? 0;
    const upper = sorted[Math.min(last, below + 1)] ?? lower;
    return lower + (position - below) * (upper - lower);
  });
}
