/**
 * A small seeded generator (sfc32, PractRand-clean), so that a simulated forecast is the same whenever it is
 * made again from the same data. Not for secrets.
 */
export function seededUniform(seed: number): () => number {
  let a = seed >>> 0;
  let b = (seed ^ 0x9e3779b9) >>> 0;
  let c = 0x243f6a88;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return ((t >>> 0) + 0.5) / 4294967296;
  };
  // The first outputs still show the seed's pattern.
  for (let i = 0; i < 15; i += 1) next();
  return next;
}
