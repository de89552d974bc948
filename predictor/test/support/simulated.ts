import type { GarchParameters } from '../../src/models/garch-likelihood.ts';
import { seededUniform } from '../../src/numerics/random.ts';

/** Returns of a known GARCH or GJR-GARCH, the same for the same seed. */
export function simulateGarch(p: GarchParameters, count: number, seed: number): Float64Array {
  const uniform = seededUniform(seed);
  const dof = p.shape.errors === 't' ? p.shape.dof : undefined;
  const draw = (): number => {
    const u = uniform();
    const cosine = Math.cos(2 * Math.PI * uniform());
    if (dof === undefined) return Math.sqrt(-2 * Math.log(u)) * cosine;
    return Math.sqrt((dof - 2) * (u ** (-2 / dof) - 1)) * cosine;
  };
  let h = p.omega / (1 - p.alpha - p.gamma / 2 - p.beta);
  const returns = new Float64Array(count);
  // What is before the first return kept must not be seen in it.
  for (let t = -500; t < count; t += 1) {
    const e = Math.sqrt(h) * draw();
    if (t >= 0) returns[t] = p.mu + e;
    h = p.omega + (p.alpha + (e < 0 ? p.gamma : 0)) * e * e + p.beta * h;
  }
  return returns;
}

/** Times of a daily series, Monday to Friday. */
export function businessDays(count: number, fromMs: number = Date.UTC(2015, 0, 5)): Float64Array {
  const times = new Float64Array(count);
  let time = fromMs;
  for (let i = 0; i < count; i += 1) {
    times[i] = time;
    time += (new Date(time).getUTCDay() === 5 ? 3 : 1) * 86_400_000;
  }
  return times;
}
