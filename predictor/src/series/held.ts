import type { Bar } from './bar.ts';

/**
 * The bar at which a series was cut: refused for its jump, so that those after it may be on another scale. Kept with
 * the series, or the next batch would walk in where this one was stopped.
 */
export interface Held {
  readonly verdict: 'suspected-split' | 'implausible-jump';
  /** ms UTC. */
  readonly time: number;
  readonly close: number;
}

/** A bar nearer to the refused one than to the last good one is on the scale of the refused one. */
export function isBehind(held: Held, bar: Bar, before: Bar | undefined): boolean {
  if (bar.time <= held.time || before === undefined) return false;
  const fromHeld = Math.abs(Math.log(bar.close / held.close));
  return fromHeld <= Math.abs(Math.log(bar.close / before.close));
}
