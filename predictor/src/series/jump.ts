import type { Bar } from './bar.ts';

/**
 * A close-to-close log return beyond this is no move of a market that one would take on trust: it doubles, or halves.
 * Decimal errors are beyond it (ln 10 is 2.3); the worst day of a large index (-0.23 in 1987) is far inside.
 */
const RETURN_MAX = 0.7;
/** After a gap prices may have gone further, by the root of the bars; but never so far as a decimal point moves. */
const RETURN_AFTER_GAP_MAX = 2;
/** In calm series less is absurd: so many robust standard deviations, but no less than a real crash or peg break. */
const DEVIATIONS_MAX = 25;
const RETURN_SUSPICIOUS = 0.3;
/** Bars that the deviation is measured on, and the fewest that it can be. */
export const RECENT_BARS = 250;
const RECENT_BARS_MIN = 20;

/**
 * Whether the close of `bar` is implausibly far from that of the bar before: the sentence that says so, or undefined.
 * `recent` are the newest bars before it, oldest first; `missingBars` those that a gap left out in between.
 */
export function implausibleJump(
  before: Bar,
  bar: Bar,
  recent: () => readonly Bar[],
  missingBars: number,
): string | undefined {
  const size = Math.abs(Math.log(bar.close / before.close));
  const slack = Math.sqrt(1 + missingBars);
  const words = `From a close of ${before.close} to ${bar.close} is a log return of ${(size * Math.sign(bar.close - before.close)).toFixed(2)}`;
  const bound = Math.min(RETURN_AFTER_GAP_MAX, RETURN_MAX * slack);
  if (size > bound) return `${words}, beyond ${bound.toFixed(2)}`;
  // Nearly every bar ends here, and spares the sorting.
  if (size <= RETURN_SUSPICIOUS) return undefined;
  const deviation = robustDeviation(recent());
  // None at all: prices that mostly stand still say nothing of how far they may go.
  if (deviation === undefined || deviation === 0 || size <= DEVIATIONS_MAX * deviation * slack)
    return undefined;
  return `${words}, beyond ${DEVIATIONS_MAX} standard deviations of the recent ones (${deviation.toPrecision(2)} each)`;
}

/** By the median absolute deviation, which a few wild returns do not move; as of a normal distribution. */
function robustDeviation(bars: readonly Bar[]): number | undefined {
  if (bars.length <= RECENT_BARS_MIN) return undefined;
  const returns = bars.slice(1).map((bar, i) => Math.log(bar.close / (bars[i]?.close ?? bar.close)));
  const middle = median(returns);
  return 1.4826 * median(returns.map((value) => Math.abs(value - middle)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
