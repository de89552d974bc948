import type { Quantiles } from '../scoring/grid.ts';
import type { GarchParameters } from './garch-likelihood.ts';
import type { Draw, Filter } from './model.ts';
import { scaledQuantiles } from './scaled-shape.ts';

/** A GARCH or GJR-GARCH with given parameters, run over the returns that have happened. */
export function createGarch(name: string, parameters: GarchParameters, history: Float64Array): Filter {
  const { mu, omega, alpha, gamma, beta, shape } = parameters;
  const dof = shape.errors === 't' ? shape.dof : undefined;
  const before = history.reduce((sum, r) => sum + (r - mu) ** 2, 0) / history.length;
  const persistence = alpha + gamma / 2 + beta;
  let variance = omega + persistence * before;
  const after = (h: number, e: number): number => omega + (alpha + (e < 0 ? gamma : 0)) * e * e + beta * h;
  for (const r of history) variance = after(variance, r - mu);

  return {
    name,
    quantiles: (): Quantiles => scaledQuantiles(shape, mu, Math.sqrt(variance)),
    volatility(step: number) {
      // Back to the long-run variance at the rate of the persistence, which the fit keeps below 1.
      const distance = variance - omega / (1 - persistence);
      return Math.sqrt(omega / (1 - persistence) + persistence ** (step - 1) * distance);
    },
    observe(logReturn: number) {
      variance = after(variance, logReturn - mu);
    },
    simulate(draw: Draw, path: Float64Array) {
      let h = variance;
      for (let step = 0; step < path.length; step += 1) {
        const e = Math.sqrt(h) * draw.innovation(step, dof);
        path[step] = mu + e;
        h = after(h, e);
      }
    },
  };
}
