import { type Shape, standardQuantile } from '../numerics/distributions.ts';
import { PROBABILITIES, type Quantiles } from '../scoring/grid.ts';

const KEPT_MAX = 64;
const kept = new Map<string, readonly number[]>();

/** The quantiles of a shape with this mean and standard deviation. */
export function scaledQuantiles(shape: Shape, mean: number, deviation: number): Quantiles {
  return standardQuantiles(shape).map((z) => mean + deviation * z);
}

/** Inverting the Student-t costs about 2 ms for the grid, and one fit asks for the same shape every day. */
function standardQuantiles(shape: Shape): readonly number[] {
  const key = shape.errors === 't' ? String(shape.dof) : 'normal';
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = PROBABILITIES.map((p) => standardQuantile(shape, p));
  const oldest = kept.keys().next().value;
  if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(key, made);
  return made;
}
