import type { Shape } from '../numerics/distributions.ts';
import type { GarchGradient, GarchParameters } from './garch-likelihood.ts';

/** Which parameters a fit is free to move. */
export interface GarchForm {
  readonly asymmetric: boolean;
  readonly errors: Shape['errors'];
}

/**
 * The map between the parameters and an unbounded vector that an unconstrained optimiser may walk in. Every
 * point of it is a stationary model with a positive variance:
 *
 *     x = [mu, log omega, logit(persistence), split, (split of falls), (logit of dof)]
 */
export interface GarchMap {
  toParameters(x: readonly number[]): GarchParameters;
  toVector(parameters: GarchParameters): number[];
  /** The gradient by x from the gradient by the parameters, by the chain rule. */
  pullBack(x: readonly number[], gradient: GarchGradient): number[];
}

const PERSISTENCE_MAX = 0.9999;
const DOF_MIN = 2.05;
const DOF_MAX = 200;

export function garchMap(form: GarchForm): GarchMap {
  const dofAt = form.asymmetric ? 5 : 4;

  const parts = (x: readonly number[]): Parts => {
    const persistence = PERSISTENCE_MAX * logistic(at(x, 2));
    // A softmax over (alpha, falls, beta); a plain GARCH has only alpha and beta.
    const beta = Math.exp(at(x, 3));
    const falls = form.asymmetric ? Math.exp(at(x, 4)) : 0;
    const all = 1 + beta + falls;
    return { persistence, alpha: 1 / all, falls: falls / all, beta: beta / all };
  };

  const toParameters = (x: readonly number[]): GarchParameters => {
    const { persistence, alpha, falls, beta } = parts(x);
    // Half the residuals are falls: persistence = (alpha + (alpha + gamma)) / 2 + beta.
    const rise = (form.asymmetric ? 2 : 1) * persistence * alpha;
    return {
      mu: at(x, 0),
      omega: Math.exp(at(x, 1)),
      alpha: rise,
      gamma: form.asymmetric ? 2 * persistence * falls - rise : 0,
      beta: persistence * beta,
      shape:
        form.errors === 'normal'
          ? { errors: 'normal' }
          : { errors: 't', dof: DOF_MIN + (DOF_MAX - DOF_MIN) * logistic(at(x, dofAt)) },
    };
  };

  const toVector = (p: GarchParameters): number[] => {
    const tiny = 1e-6;
    const persistence = p.alpha + p.gamma / 2 + p.beta;
    const alpha = Math.max(form.asymmetric ? p.alpha / 2 : p.alpha, tiny);
    const falls = Math.max((p.alpha + p.gamma) / 2, tiny);
    const x = [
      p.mu,
      Math.log(Math.max(p.omega, tiny)),
      logit(clamp(persistence / PERSISTENCE_MAX)),
      Math.log(Math.max(p.beta, tiny) / alpha),
    ];
    if (form.asymmetric) x.push(Math.log(falls / alpha));
    if (form.errors === 't') {
      const dof = p.shape.errors === 't' ? p.shape.dof : 8;
      x.push(logit(clamp((dof - DOF_MIN) / (DOF_MAX - DOF_MIN))));
    }
    return x;
  };

  const pullBack = (x: readonly number[], g: GarchGradient): number[] => {
    const { persistence, alpha, falls, beta } = parts(x);
    const scale = form.asymmetric ? 2 : 1;
    // By the three shares of the persistence, with the persistence held.
    const byAlpha = persistence * scale * (g.alpha - (form.asymmetric ? g.gamma : 0));
    const byFalls = persistence * 2 * g.gamma;
    const byBeta = persistence * g.beta;
    const mean = alpha * byAlpha + falls * byFalls + beta * byBeta;
    const inside = logistic(at(x, 2));
    const out = [g.mu, g.omega * Math.exp(at(x, 1)), mean * (1 - inside), beta * (byBeta - mean)];
    if (form.asymmetric) out.push(falls * (byFalls - mean));
    if (form.errors === 't') {
      const share = logistic(at(x, dofAt));
      out.push(g.dof * (DOF_MAX - DOF_MIN) * share * (1 - share));
    }
    return out;
  };

  return { toParameters, toVector, pullBack };
}

interface Parts {
  readonly persistence: number;
  readonly alpha: number;
  readonly falls: number;
  readonly beta: number;
}

function at(x: readonly number[], index: number): number {
  return x[index] ?? 0;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function clamp(p: number): number {
  return Math.min(1 - 1e-6, Math.max(1e-6, p));
}
