/** The wall clock, ms UTC; or one that showed `startMs` when it was made and has run on since. */
export function createClock(startMs: number | undefined): () => number {
  if (startMs === undefined) return Date.now;
  const made = performance.now();
  return () => Math.floor(startMs + (performance.now() - made));
}
