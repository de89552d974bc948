import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitGarch, type GarchFit, gradientByParameters } from '../../src/models/garch-fit.ts';
import type { GarchParameters } from '../../src/models/garch-likelihood.ts';
import { simulateGarch } from '../support/simulated.ts';

function fitted(returns: Float64Array, options: Parameters<typeof fitGarch>[1]): GarchFit {
  const result = fitGarch(returns, options);
  assert.ok(result.converged, result.converged ? '' : result.reason);
  return result.fit;
}

const GARCH: GarchParameters = {
  mu: 0.05,
  omega: 0.02,
  alpha: 0.1,
  gamma: 0,
  beta: 0.87,
  shape: { errors: 'normal' },
};
const GJR_T: GarchParameters = {
  mu: 0.03,
  omega: 0.02,
  alpha: 0.03,
  gamma: 0.12,
  beta: 0.88,
  shape: { errors: 't', dof: 6 },
};

test('known parameters are recovered, as closely as the standard errors say', () => {
  for (const seed of [1, 2, 3]) {
    const { parameters, standardErrors } = fitted(simulateGarch(GARCH, 8000, seed), {
      asymmetric: false,
      errors: 'normal',
    });
    for (const key of ['mu', 'omega', 'alpha', 'beta'] as const) {
      const error = standardErrors[key] ?? 0;
      assert.ok(error > 0 && error < 0.05, `${key}: standard error ${error}`);
      assert.ok(
        Math.abs(parameters[key] - GARCH[key]) < 3.5 * error,
        `seed ${seed}, ${key}: ${parameters[key]} +- ${error}`,
      );
    }
  }
});

test('known asymmetry and fat tails are recovered too', () => {
  const { parameters, standardErrors } = fitted(simulateGarch(GJR_T, 10_000, 11), {
    asymmetric: true,
    errors: 't',
  });
  for (const key of ['mu', 'omega', 'alpha', 'gamma', 'beta'] as const) {
    assert.ok(
      Math.abs(parameters[key] - GJR_T[key]) < 3.5 * (standardErrors[key] ?? 0),
      `${key}: ${parameters[key]}`,
    );
  }
  assert.ok(
    parameters.shape.errors === 't' &&
      Math.abs(parameters.shape.dof - 6) < 3.5 * (standardErrors['dof'] ?? 0),
  );
});

test('at the optimum the gradient by the parameters themselves is zero', () => {
  const returns = simulateGarch(GARCH, 3000, 5);
  const form = { asymmetric: false, errors: 'normal' } as const;
  const { parameters } = fitted(returns, form);
  for (const slope of gradientByParameters(returns, parameters, form))
    assert.ok(Math.abs(slope) < 1e-6, `${slope}`);
});

test('the same digits come out whatever the start and whatever the unit of the returns', () => {
  const returns = simulateGarch(GARCH, 3000, 6);
  const form = { asymmetric: false, errors: 'normal' } as const;
  const first = fitted(returns, form).parameters;
  const start = { ...GARCH, omega: 0.5, alpha: 0.3, beta: 0.3 };
  const again = fitted(returns, { ...form, start }).parameters;
  const fraction = fitted(
    returns.map((r) => r / 100),
    form,
  ).parameters;
  for (const key of ['alpha', 'beta', 'mu', 'omega'] as const) {
    const unit = key === 'mu' ? 100 : key === 'omega' ? 1e4 : 1;
    assert.ok(Math.abs(again[key] / first[key] - 1) < 1e-6, `${key}: ${again[key]} ${first[key]}`);
    assert.ok(
      Math.abs((fraction[key] * unit) / first[key] - 1) < 1e-6,
      `${key}: ${fraction[key]} ${first[key]}`,
    );
  }
});

test('a better likelihood is never far: no point around the optimum beats it', () => {
  const returns = simulateGarch(GJR_T, 2000, 9);
  const { parameters, logLikelihood } = fitted(returns, { asymmetric: true, errors: 't' });
  for (const key of ['mu', 'omega', 'alpha', 'gamma', 'beta'] as const) {
    for (const factor of [0.9, 0.99, 1.01, 1.1]) {
      const moved = { ...parameters, [key]: parameters[key] * factor };
      if (moved.alpha + moved.gamma / 2 + moved.beta >= 1) continue;
      const there = fitGarchLikelihood(returns, moved);
      assert.ok(there <= logLikelihood + 1e-9, `${key} x ${factor}: ${there} > ${logLikelihood}`);
    }
  }
});

test('returns that no model can be fitted to are refused with the reason', () => {
  const form = { asymmetric: false, errors: 'normal' } as const;
  const reason = (returns: Float64Array, more = {}): string => {
    const result = fitGarch(returns, { ...form, ...more });
    return result.converged ? 'converged' : result.reason;
  };
  assert.match(reason(new Float64Array(50)), /too few/);
  assert.match(reason(new Float64Array(500)), /do not vary/);
  assert.match(reason(new Float64Array(300).fill(123_456.789)), /do not vary/);
  assert.match(
    reason(Float64Array.from({ length: 500 }, (_, i) => (i === 9 ? Number.NaN : i % 7))),
    /not a finite number/,
  );
  assert.match(reason(simulateGarch(GARCH, 1000, 1), { maxIterations: 2 }), /gradient is still/);
});

function fitGarchLikelihood(returns: Float64Array, p: GarchParameters): number {
  return -returns.length * meanNegativeLogLikelihood(returns, p);
}

import { meanNegativeLogLikelihood } from '../../src/models/garch-likelihood.ts';
