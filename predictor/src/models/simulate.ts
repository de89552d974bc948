import { seededUniform } from '../numerics/random.ts';
import { type Quantiles, quantilesOfSorted } from '../scoring/grid.ts';
import type { Draw, Filter } from './model.ts';

/**
 * The distribution of the return over 1 to `steps` bars, by simulation: no formula gives it for a GARCH with fat
 * tails. By step: the quantiles of the return from now to its end. Paths come in pairs of opposite innovations, and the same seed gives the same answer.
 */
export function simulatePaths(
  filter: Filter,
  steps: number,
  pairs: number,
  seed: number,
): readonly Quantiles[] {
  const paths = pairs * 2;
  const sums = Array.from({ length: steps }, () => new Float64Array(paths));
  const path = new Float64Array(steps);
  const draws = pairedDraws(steps, seed);
  for (let i = 0; i < paths; i += 1) {
    if (i % 2 === 0) draws.renew();
    filter.simulate(i % 2 === 0 ? draws.draw : draws.opposite, path);
    let sum = 0;
    for (let step = 0; step < steps; step += 1) {
      sum += path[step] ?? 0;
      const column = sums[step];
      if (column !== undefined) column[i] = sum;
    }
  }
  return sums.map((column) => quantilesOfSorted(column.sort()));
}

function pairedDraws(steps: number, seed: number): { renew(): void; draw: Draw; opposite: Draw } {
  const uniform = seededUniform(seed);
  const radius = new Float64Array(steps);
  const angle = new Float64Array(steps);
  const draw = (sign: 1 | -1): Draw => ({
    innovation: (step, dof) => sign * innovation(radius[step] ?? 0.5, angle[step] ?? 0, dof),
    uniform: (step) => (sign === 1 ? (radius[step] ?? 0.5) : 1 - (radius[step] ?? 0.5)),
  });
  return {
    renew() {
      for (let step = 0; step < steps; step += 1) {
        radius[step] = uniform();
        angle[step] = Math.cos(2 * Math.PI * uniform());
      }
    },
    draw: draw(1),
    opposite: draw(-1),
  };
}

/** Box and Muller for the normal; Bailey (1994), its counterpart for the Student-t, scaled to variance 1. */
function innovation(u: number, cosine: number, dof: number | undefined): number {
  if (dof === undefined) return Math.sqrt(-2 * Math.log(u)) * cosine;
  return Math.sqrt((dof - 2) * (u ** (-2 / dof) - 1)) * cosine;
}
