import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradientByParameters, parameterNames } from '../../src/models/garch-fit.ts';
import { type GarchParameters, meanNegativeLogLikelihood } from '../../src/models/garch-likelihood.ts';
import { garchMap } from '../../src/models/garch-parameters.ts';
import { simulateGarch } from '../support/simulated.ts';

const normal: GarchParameters = {
  mu: 0.03,
  omega: 0.02,
  alpha: 0.09,
  gamma: 0.05,
  beta: 0.86,
  shape: { errors: 'normal' },
};
const student: GarchParameters = { ...normal, shape: { errors: 't', dof: 6.5 } };
const returns = simulateGarch(student, 800, 3);

/** The log-likelihood once more, by the textbook: density by density, with a gamma function of its own (Stirling). */
function textbookLogLikelihood(data: Float64Array, p: GarchParameters): number {
  const residuals = Array.from(data, (r) => r - p.mu);
  const before = residuals.reduce((sum, e) => sum + e ** 2, 0) / residuals.length;
  let total = 0;
  for (const [t, e] of residuals.entries()) {
    variances[t] =
      t === 0
        ? p.omega + (p.alpha + 0.5 * p.gamma) * before + p.beta * before
        : p.omega +
          p.alpha * (residuals[t - 1] ?? 0) ** 2 +
          ((residuals[t - 1] ?? 0) < 0 ? p.gamma * (residuals[t - 1] ?? 0) ** 2 : 0) +
          p.beta * (variances[t - 1] ?? 0);
    const h = variances[t] ?? 0;
    if (p.shape.errors === 'normal') {
      total += Math.log(Math.exp(-(e * e) / (2 * h)) / Math.sqrt(2 * Math.PI * h));
    } else {
      const nu = p.shape.dof;
      const ratio = Math.exp(stirling((nu + 1) / 2) - stirling(nu / 2));
      const scale = Math.sqrt((nu - 2) * h);
      total += Math.log((ratio / (Math.sqrt(Math.PI) * scale)) * (1 + (e / scale) ** 2) ** (-(nu + 1) / 2));
    }
  }
  return total;
}
const variances: number[] = [];

/** log Gamma by Stirling's series after shifting the argument up. */
function stirling(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 20) {
    shift -= Math.log(z);
    z += 1;
  }
  return (
    shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * z) - 1 / (360 * z ** 3)
  );
}

for (const [name, p] of Object.entries({ normal, student })) {
  test(`the ${name} likelihood is that of the textbook formula`, () => {
    const mine = -returns.length * meanNegativeLogLikelihood(returns, p);
    const theirs = textbookLogLikelihood(returns, p);
    assert.ok(Math.abs(mine / theirs - 1) < 1e-10, `${mine} ${theirs}`);
  });

  test(`the ${name} gradient is that of the likelihood, by differences`, () => {
    const form = { asymmetric: true, errors: p.shape.errors };
    const exact = gradientByParameters(returns, p, form);
    for (const [i, key] of parameterNames(form).entries()) {
      const at = (step: number): number => {
        const dof = p.shape.errors === 't' ? p.shape.dof : 0;
        const moved: GarchParameters =
          key === 'dof' ? { ...p, shape: { errors: 't', dof: dof + step } } : { ...p, [key]: p[key] + step };
        return meanNegativeLogLikelihood(returns, moved);
      };
      const difference = (at(1e-6) - at(-1e-6)) / 2e-6;
      assert.ok(
        Math.abs(difference - (exact[i] ?? 0)) < 1e-6 * Math.max(1, Math.abs(difference)),
        `${key}: ${difference} ${exact[i]}`,
      );
    }
  });
}

test('the chain rule through the map of parameters agrees with differences, for every form', () => {
  for (const asymmetric of [false, true]) {
    for (const errors of ['normal', 't'] as const) {
      const map = garchMap({ asymmetric, errors });
      const x = map.toVector({ ...student, gamma: asymmetric ? student.gamma : 0 });
      const gradient = { mu: 0, omega: 0, alpha: 0, gamma: 0, beta: 0, dof: 0 };
      meanNegativeLogLikelihood(returns, map.toParameters(x), gradient);
      const exact = map.pullBack(x, gradient);
      assert.equal(exact.length, x.length);
      for (const [i] of x.entries()) {
        const at = (step: number): number =>
          meanNegativeLogLikelihood(returns, map.toParameters(x.map((xj, j) => (j === i ? xj + step : xj))));
        const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert.ok(
          Math.abs(difference - (exact[i] ?? 0)) < 1e-7,
          `${asymmetric} ${errors} ${i}: ${difference} ${exact[i]}`,
        );
      }
    }
  }
});

test('the map gives back the parameters that it was given', () => {
  const map = garchMap({ asymmetric: true, errors: 't' });
  const again = map.toParameters(map.toVector(student));
  for (const key of ['mu', 'omega', 'alpha', 'gamma', 'beta'] as const) {
    assert.ok(Math.abs(again[key] - student[key]) < 1e-9, key);
  }
});
