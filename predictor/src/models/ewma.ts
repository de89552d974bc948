import type { Shape } from '../numerics/distributions.ts';
import type { Quantiles } from '../scoring/grid.ts';
import type { Draw, Filter } from './model.ts';
import { scaledQuantiles } from './scaled-shape.ts';

/** RiskMetrics (1996): no mean, and a variance that forgets by the factor `lambda` per bar (0.94 for daily bars). */
export function createEwma(name: string, lambda: number, history: Float64Array): Filter {
  const shape: Shape = { errors: 'normal' };
  let variance = history.reduce((sum, r) => sum + r * r, 0) / history.length;
  const after = (h: number, r: number): number => lambda * h + (1 - lambda) * r * r;
  for (const r of history) variance = after(variance, r);

  return {
    name,
    quantiles: (): Quantiles => scaledQuantiles(shape, 0, Math.sqrt(variance)),
    volatility: () => Math.sqrt(variance),
    observe(logReturn: number) {
      variance = after(variance, logReturn);
    },
    simulate(draw: Draw, path: Float64Array) {
      let h = variance;
      for (let step = 0; step < path.length; step += 1) {
        const r = Math.sqrt(h) * draw.innovation(step, undefined);
        path[step] = r;
        h = after(h, r);
      }
    },
  };
}
