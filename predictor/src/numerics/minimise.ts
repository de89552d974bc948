import numeric from 'numeric';

export interface Objective {
  valueAt(x: readonly number[]): number;
  gradientAt(x: readonly number[]): number[];
}

export interface Minimum {
  readonly x: readonly number[];
  readonly value: number;
  /** The largest component of the gradient, in absolute value. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** In words, for the operator, when it did not converge. */
  readonly reason: string;
}

export interface MinimiseOptions {
  readonly maxIterations: number;
  /** Converged means that no component of the gradient is larger than this. */
  readonly gradientTolerance: number;
}

/**
 * BFGS (numeric.js) to the neighbourhood of the minimum, then Newton steps for the last digits. Near a bound of
 * the model the curvature that BFGS has gathered can mislead its line search: it is begun afresh from there.
 */
export function minimise(objective: Objective, start: readonly number[], options: MinimiseOptions): Minimum {
  let x = start;
  let iterations = 0;
  let message = '';
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const found = numeric.uncmin(
      (at: number[]) => finiteOrHuge(objective.valueAt(at)),
      [...x],
      1e-9,
      (at: number[]) => objective.gradientAt(at),
      options.maxIterations - iterations,
    );
    iterations += found.iterations;
    message = found.message;
    const polished = polish(
      objective,
      found.solution,
      Math.max(0, options.maxIterations - iterations),
      options,
    );
    iterations += polished.steps;
    x = polished.x;
    if (maxNorm(objective.gradientAt(x)) <= options.gradientTolerance) break;
    if (iterations >= options.maxIterations) break;
  }
  const gradientNorm = maxNorm(objective.gradientAt(x));
  const converged = gradientNorm <= options.gradientTolerance;
  const reason = converged
    ? ''
    : `after ${iterations} iterations the gradient is still ${gradientNorm.toExponential(2)}, more than ` +
      `${options.gradientTolerance.toExponential(0)} (${message})`;
  return { x, value: objective.valueAt(x), gradientNorm, iterations, converged, reason };
}

const ATTEMPTS_MAX = 4;
const NEWTON_STEPS_MAX = 12;

function polish(
  objective: Objective,
  start: readonly number[],
  stepsMax: number,
  options: MinimiseOptions,
): { x: readonly number[]; steps: number } {
  let x = start;
  let value = objective.valueAt(x);
  const limit = Math.min(NEWTON_STEPS_MAX, stepsMax);
  for (let steps = 0; steps < limit; steps += 1) {
    const gradient = objective.gradientAt(x);
    // Far below the tolerance: the same digits from every start, not merely a passed test.
    if (maxNorm(gradient) <= options.gradientTolerance * 1e-4) return { x, steps };
    const step = newtonStep(
      hessianOf((at) => objective.gradientAt(at), x),
      gradient,
    );
    if (step === undefined) return { x, steps };
    const next = x.map((xi, i) => xi - (step[i] ?? 0));
    const nextValue = objective.valueAt(next);
    // At the bottom the value no longer changes in its last digit while the gradient still shrinks.
    const isWorse = !(nextValue <= value + 1e-13 * Math.abs(value));
    if (isWorse || maxNorm(objective.gradientAt(next)) >= maxNorm(gradient)) return { x, steps };
    x = next;
    value = nextValue;
  }
  return { x, steps: limit };
}

function newtonStep(hessian: number[][], gradient: number[]): number[] | undefined {
  const step = numeric.solve(hessian, gradient);
  if (!step.every(Number.isFinite)) return undefined;
  // Only downhill: at a saddle or on a plateau Newton's step climbs.
  const slope = step.reduce((sum, si, i) => sum + si * (gradient[i] ?? 0), 0);
  return slope > 0 ? step : undefined;
}

/** The Hessian by central differences of the gradient, made symmetric. */
export function hessianOf(gradientAt: (x: readonly number[]) => number[], x: readonly number[]): number[][] {
  const rows = x.map((xi, i) => {
    const h = 1e-5 * Math.max(Math.abs(xi), 1e-2);
    const up = gradientAt(x.map((xj, j) => (j === i ? xi + h : xj)));
    const down = gradientAt(x.map((xj, j) => (j === i ? xi - h : xj)));
    return up.map((value, j) => (value - (down[j] ?? 0)) / (2 * h));
  });
  return rows.map((row, i) => row.map((value, j) => (value + (rows[j]?.[i] ?? value)) / 2));
}

/** The inverse of a matrix, or undefined where it is singular. */
export function inverse(matrix: number[][]): number[][] | undefined {
  const result = numeric.inv(matrix);
  return result.every((row) => row.every(Number.isFinite)) ? result : undefined;
}

function maxNorm(x: readonly number[]): number {
  return x.reduce(
    (max, xi) => (Number.isFinite(xi) ? Math.max(max, Math.abs(xi)) : Number.POSITIVE_INFINITY),
    0,
  );
}

/** numeric's line search refuses NaN but would walk to -Infinity; a huge value turns it back from both. */
function finiteOrHuge(value: number): number {
  return Number.isFinite(value) ? value : 1e300;
}
