import { type Quantiles, quantilesOfSorted } from '../scoring/grid.ts';
import type { Draw, Filter } from './model.ts';

/** The random walk with historical simulation: tomorrow's return is one of the last `windowBars`, each as likely. */
export function createHistorical(name: string, windowBars: number, history: Float64Array): Filter {
  const recent: number[] = Array.from(history.slice(-windowBars));
  const sorted = recent.toSorted((a, b) => a - b);

  return {
    name,
    quantiles: (): Quantiles => quantilesOfSorted(sorted),
    volatility() {
      const mean = sorted.reduce((sum, r) => sum + r, 0) / sorted.length;
      return Math.sqrt(sorted.reduce((sum, r) => sum + (r - mean) ** 2, 0) / sorted.length);
    },
    observe(logReturn: number) {
      recent.push(logReturn);
      sorted.splice(placeOf(sorted, logReturn), 0, logReturn);
      if (recent.length <= windowBars) return;
      const oldest = recent.shift() ?? 0;
      sorted.splice(placeOf(sorted, oldest), 1);
    },
    simulate(draw: Draw, path: Float64Array) {
      for (let step = 0; step < path.length; step += 1) {
        path[step] = recent[Math.floor(draw.uniform(step) * recent.length)] ?? 0;
      }
    },
  };
}

/** Where `value` stands, or belongs. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
