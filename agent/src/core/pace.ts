/** The shortest pause between two looks, milliseconds: a look costs about a tenth of it. */
export const SHORTEST_PAUSE_MS = 50;
/** What is awaited is seen this share of its own time late, at most. */
const SHARE = 1 / 8;

/**
 * How long to wait until the next look for something that is awaited: what comes soon is seen soon, and what takes
 * long is not looked at more often than usual.
 *
 * @param waitedMs How long it has been awaited already, milliseconds.
 * @param usualMs The longest pause, milliseconds.
 */
export function growingPause(waitedMs: number, usualMs: number): number {
  return Math.min(usualMs, Math.max(SHORTEST_PAUSE_MS, waitedMs * SHARE));
}
