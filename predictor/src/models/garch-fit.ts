import { hessianOf, inverse, type Minimum, minimise } from '../numerics/minimise.ts';
import { type GarchGradient, type GarchParameters, meanNegativeLogLikelihood } from './garch-likelihood.ts';
import { type GarchForm, garchMap } from './garch-parameters.ts';

export interface GarchFit {
  readonly parameters: GarchParameters;
  readonly logLikelihood: number;
  readonly observations: number;
  /** Standard errors by the inverse Hessian, in the order of `parameterNames`; empty where it is singular. */
  readonly standardErrors: Readonly<Record<string, number>>;
  readonly gradientNorm: number;
  readonly iterations: number;
}

export type GarchFitResult =
  | { readonly converged: true; readonly fit: GarchFit }
  | { readonly converged: false; readonly reason: string };

export interface GarchFitOptions extends GarchForm {
  /** Where to begin, such as last month's parameters; more starts are tried only when this one fails. */
  readonly start?: GarchParameters;
  /** Per start. @defaultValue 500 */
  readonly maxIterations?: number;
}

/** Fewer observations than this say too little about four to six parameters. */
const OBSERVATIONS_MIN = 100;

/** On the mean negative log-likelihood of returns scaled to variance 1. */
const GRADIENT_TOLERANCE = 1e-6;
const STARTS_TRIED = 2;

/** (persistence, share of it that is the reaction to the last residual) */
const STARTS: readonly (readonly [number, number])[] = [
  [0.98, 0.06],
  [0.95, 0.12],
  [0.995, 0.03],
  [0.9, 0.2],
  [0.75, 0.3],
];

/** Maximum likelihood. The unit of `returns` does not matter: they are scaled to variance 1 inside. */
export function fitGarch(returns: Float64Array, options: GarchFitOptions): GarchFitResult {
  if (returns.length < OBSERVATIONS_MIN) {
    return failed(`${returns.length} observations are too few; at least ${OBSERVATIONS_MIN} are needed`);
  }
  if (!returns.every(Number.isFinite)) return failed('a return is not a finite number');
  const scale = standardDeviation(returns);
  // Of a constant that is not zero the rounding of its mean is left.
  const largest = returns.reduce((max, r) => Math.max(max, Math.abs(r)), 1);
  if (!(scale > 1e-12 * largest)) return failed('the returns do not vary');
  const scaled = returns.map((r) => r / scale);
  const map = garchMap(options);
  const objective = {
    valueAt: (x: readonly number[]) => meanNegativeLogLikelihood(scaled, map.toParameters(x)),
    gradientAt: (x: readonly number[]) => {
      const gradient = zeroGradient();
      meanNegativeLogLikelihood(scaled, map.toParameters(x), gradient);
      return map.pullBack(x, gradient);
    },
  };
  const settings = { maxIterations: options.maxIterations ?? 500, gradientTolerance: GRADIENT_TOLERANCE };

  if (options.start !== undefined) {
    const again = minimise(objective, map.toVector(inUnit(options.start, 1 / scale)), settings);
    if (again.converged) return succeeded(returns, map.toParameters(again.x), scale, again, options);
  }
  const mean = scaled.reduce((sum, r) => sum + r, 0) / scaled.length;
  const best = STARTS.map(([persistence, share]) => map.toVector(guess(mean, persistence, share, options)))
    .map((x) => ({ x, value: objective.valueAt(x) }))
    .sort((a, b) => a.value - b.value)
    .slice(0, STARTS_TRIED)
    .map(({ x }) => minimise(objective, x, settings))
    .sort((a, b) => Number(b.converged) - Number(a.converged) || a.value - b.value)[0];
  if (best === undefined || !best.converged) return failed(best?.reason ?? 'no start was tried');
  return succeeded(returns, map.toParameters(best.x), scale, best, options);
}

function failed(reason: string): GarchFitResult {
  return { converged: false, reason };
}

function succeeded(
  returns: Float64Array,
  scaled: GarchParameters,
  scale: number,
  minimum: Minimum,
  form: GarchForm,
): GarchFitResult {
  const parameters = inUnit(scaled, scale);
  return {
    converged: true,
    fit: {
      parameters,
      logLikelihood: -returns.length * meanNegativeLogLikelihood(returns, parameters),
      observations: returns.length,
      standardErrors: standardErrors(returns, parameters, form),
      gradientNorm: minimum.gradientNorm,
      iterations: minimum.iterations,
    },
  };
}

/** mu and omega carry a unit; the rest has none. */
function inUnit(p: GarchParameters, factor: number): GarchParameters {
  return { ...p, mu: p.mu * factor, omega: p.omega * factor * factor };
}

function guess(mean: number, persistence: number, share: number, form: GarchForm): GarchParameters {
  const reaction = persistence * share;
  return {
    mu: mean,
    omega: 1 - persistence,
    alpha: form.asymmetric ? reaction / 2 : reaction,
    gamma: form.asymmetric ? reaction : 0,
    beta: persistence - reaction,
    shape: form.errors === 'normal' ? { errors: 'normal' } : { errors: 't', dof: 8 },
  };
}

/** The parameters that a fit of this form is free to move, in the order of its standard errors. */
export function parameterNames(form: GarchForm): (keyof GarchGradient)[] {
  const names: (keyof GarchGradient)[] = ['mu', 'omega', 'alpha'];
  if (form.asymmetric) names.push('gamma');
  names.push('beta');
  if (form.errors === 't') names.push('dof');
  return names;
}

/** The gradient of the mean negative log-likelihood by the named parameters themselves, in the data's unit. */
export function gradientByParameters(returns: Float64Array, p: GarchParameters, form: GarchForm): number[] {
  const gradient = zeroGradient();
  meanNegativeLogLikelihood(returns, p, gradient);
  return parameterNames(form).map((name) => gradient[name]);
}

function standardErrors(returns: Float64Array, p: GarchParameters, form: GarchForm): Record<string, number> {
  const names = parameterNames(form);
  const parameterOf = (name: keyof GarchGradient): number =>
    name === 'dof' ? (p.shape.errors === 't' ? p.shape.dof : 0) : p[name];
  const gradientAt = (x: readonly number[]): number[] => {
    const v = (name: keyof GarchGradient): number => x[names.indexOf(name)] ?? 0;
    return gradientByParameters(
      returns,
      {
        mu: v('mu'),
        omega: v('omega'),
        alpha: v('alpha'),
        gamma: v('gamma'),
        beta: v('beta'),
        shape: form.errors === 't' ? { errors: 't', dof: v('dof') } : { errors: 'normal' },
      },
      form,
    );
  };
  const covariance = inverse(hessianOf(gradientAt, names.map(parameterOf)));
  const errors: Record<string, number> = {};
  for (const [i, name] of names.entries()) {
    const variance = (covariance?.[i]?.[i] ?? Number.NaN) / returns.length;
    if (variance > 0) errors[name] = Math.sqrt(variance);
  }
  return errors;
}

function zeroGradient(): GarchGradient {
  return { mu: 0, omega: 0, alpha: 0, gamma: 0, beta: 0, dof: 0 };
}

function standardDeviation(x: Float64Array): number {
  const mean = x.reduce((sum, xi) => sum + xi, 0) / x.length;
  return Math.sqrt(x.reduce((sum, xi) => sum + (xi - mean) ** 2, 0) / x.length);
}
