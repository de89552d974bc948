import { type Quantiles, quantilesOfSorted } from '../scoring/grid.ts';
import type { Draw, Filter } from './model.ts';

/** The random walk with historical simulation: tomorrow's return is one of the last `windowBars`, each as likely. */
export function createHistorical(name: string, windowBars: number, history: Float64Array): Filter {
  const recent: number[] = Array.from(history.slice(-windowBars));
  let sorted = Float64Array.from(recent).sort();

  return {
    name,
    quantiles: (): Quantiles => quantilesOfSorted(sorted),
    volatility() {
      const mean = sorted.reduce((sum, r) => sum + r, 0) / sorted.length;
      return Math.sqrt(sorted.reduce((sum, r) => sum + (r - mean) ** 2, 0) / sorted.length);
    },
    observe(logReturn: number) {
      recent.push(logReturn);
      if (recent.length > windowBars) recent.shift();
      sorted = Float64Array.from(recent).sort();
    },
    simulate(draw: Draw, path: Float64Array) {
      for (let step = 0; step < path.length; step += 1) {
        path[step] = recent[Math.floor(draw.uniform(step) * recent.length)] ?? 0;
      }
    },
  };
}
