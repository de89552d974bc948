/** One bar of prices. `time` (ms UTC) is its identity within a series: for a daily bar, its day at 00:00. */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A bar as a source gave it: every field may be anything, or missing. */
export interface RawBar {
  readonly time?: unknown;
  readonly open?: unknown;
  readonly high?: unknown;
  readonly low?: unknown;
  readonly close?: unknown;
  readonly volume?: unknown;
}

export function isSameBar(a: Bar, b: Bar): boolean {
  return (
    isClose(a.open, b.open) &&
    isClose(a.high, b.high) &&
    isClose(a.low, b.low) &&
    isClose(a.close, b.close) &&
    isClose(a.volume, b.volume)
  );
}

/** Providers write the same price with more or fewer digits; a difference below 1e-9 of it is no difference. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
