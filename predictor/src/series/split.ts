import type { Bar } from './bar.ts';

/** Ratios of new shares to old in which companies split, or merge (their inverses). */
const RATIOS = [3 / 2, 2, 5 / 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100];
/** How far the opening price may be from the exact ratio: a split day moves like any other. */
const OPEN_SLACK = 0.04;
const CLOSE_SLACK = 0.12;

/**
 * Whether `bar` looks like the first one after an unadjusted split: it *opens* near a usual ratio of the close before
 * and stays there. A crash falls from near the old price, and by no such ratio. Returns the ratio (old price / new
 * price), or undefined.
 */
export function suspectedSplit(before: Bar, bar: Bar): number | undefined {
  for (const ratio of RATIOS) {
    for (const factor of [ratio, 1 / ratio]) {
      const open = Math.abs((bar.open * factor) / before.close - 1);
      const close = Math.abs((bar.close * factor) / before.close - 1);
      if (open <= OPEN_SLACK && close <= CLOSE_SLACK) return factor;
    }
  }
  return undefined;
}
