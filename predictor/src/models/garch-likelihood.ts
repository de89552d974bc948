import { logGamma, type Shape } from '../numerics/distributions.ts';

/**
 * GARCH(1,1) and GJR-GARCH(1,1,1) with a constant mean:
 *
 *     e_t = r_t - mu,   h_t = omega + (alpha + gamma [e_{t-1} < 0]) e_{t-1}^2 + beta h_{t-1}
 *
 * Before the sample both e^2 and h are the mean of the squared residuals (Fiorentini, Calzolari and Panattoni
 * 1996), which moves with mu, and so does its derivative here.
 */
export interface GarchParameters {
  readonly mu: number;
  readonly omega: number;
  readonly alpha: number;
  /** The extra weight of a fall; 0 in a plain GARCH. */
  readonly gamma: number;
  readonly beta: number;
  readonly shape: Shape;
}

/** The derivatives of the mean negative log-likelihood; `dof` is 0 for normal errors. */
export interface GarchGradient {
  mu: number;
  omega: number;
  alpha: number;
  gamma: number;
  beta: number;
  dof: number;
}

/** Minus the log-likelihood, divided by the number of observations: the same scale for every length. */
export function meanNegativeLogLikelihood(
  returns: Float64Array,
  parameters: GarchParameters,
  gradient?: GarchGradient,
): number {
  const { mu, omega, alpha, gamma, beta, shape } = parameters;
  const count = returns.length;
  let sum = 0;
  let squares = 0;
  for (const r of returns) {
    sum += r - mu;
    squares += (r - mu) * (r - mu);
  }
  const before = squares / count;
  const beforeByMu = (-2 * sum) / count;
  const persistence = alpha + gamma / 2 + beta;

  let h = omega + persistence * before;
  let hByMu = persistence * beforeByMu;
  let hByOmega = 1;
  let hByAlpha = before;
  let hByGamma = before / 2;
  let hByBeta = before;

  const density = densityOf(shape);
  const result = { value: 0, byH: 0, byE: 0, byDof: 0 };
  let total = 0;
  let [gMu, gOmega, gAlpha, gGamma, gBeta, gDof] = [0, 0, 0, 0, 0, 0];
  for (let t = 0; t < count; t += 1) {
    const e = (returns[t] ?? 0) - mu;
    if (!(h > 0)) return Number.POSITIVE_INFINITY;
    density(e, h, result);
    total += result.value;
    const e2 = e * e;
    const fall = e < 0 ? 1 : 0;
    const weight = alpha + gamma * fall;
    if (gradient !== undefined) {
      gMu += result.byH * hByMu - result.byE;
      gOmega += result.byH * hByOmega;
      gAlpha += result.byH * hByAlpha;
      gGamma += result.byH * hByGamma;
      gBeta += result.byH * hByBeta;
      gDof += result.byDof;
      hByMu = -2 * weight * e + beta * hByMu;
      hByOmega = 1 + beta * hByOmega;
      hByAlpha = e2 + beta * hByAlpha;
      hByGamma = fall * e2 + beta * hByGamma;
      hByBeta = h + beta * hByBeta;
    }
    h = omega + weight * e2 + beta * h;
  }
  if (gradient !== undefined) {
    gradient.mu = gMu / count;
    gradient.omega = gOmega / count;
    gradient.alpha = gAlpha / count;
    gradient.gamma = gGamma / count;
    gradient.beta = gBeta / count;
    gradient.dof = gDof / count;
  }
  return total / count;
}

interface DensityResult {
  value: number;
  byH: number;
  byE: number;
  byDof: number;
}

/** Writes into `out` minus the log density of residual `e` at variance `h`, and its derivatives. */
type Density = (e: number, h: number, out: DensityResult) => void;

function densityOf(shape: Shape): Density {
  switch (shape.errors) {
    case 'normal':
      return normalDensity;
    case 't':
      return studentDensity(shape.dof);
    default:
      return shape satisfies never;
  }
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

function normalDensity(e: number, h: number, out: DensityResult): void {
  const z2 = (e * e) / h;
  out.value = HALF_LOG_TWO_PI + 0.5 * (Math.log(h) + z2);
  out.byH = (0.5 * (1 - z2)) / h;
  out.byE = e / h;
}

function studentDensity(dof: number): Density {
  const constant = studentConstant(dof);
  const step = 1e-4 * dof;
  const constantByDof = (studentConstant(dof + step) - studentConstant(dof - step)) / (2 * step);
  const half = (dof + 1) / 2;
  return (e, h, out) => {
    const q = (e * e) / (h * (dof - 2));
    const log1q = Math.log1p(q);
    const share = q / (1 + q);
    out.value = constant + 0.5 * Math.log(h) + half * log1q;
    out.byH = (0.5 - half * share) / h;
    out.byE = (2 * half * e) / (h * (dof - 2) * (1 + q));
    out.byDof = constantByDof + 0.5 * log1q - (half * share) / (dof - 2);
  };
}

/** Minus the log of the normalising constant of the Student-t density that is scaled to variance 1. */
function studentConstant(dof: number): number {
  return logGamma(dof / 2) - logGamma((dof + 1) / 2) + 0.5 * Math.log(Math.PI * (dof - 2));
}
