/** Prometheus measures in seconds; a duration below nothing, which a clock that was set back gives, is none. */
export function seconds(durationMs: number): number {
  return Math.max(0, durationMs) / 1_000;
}
