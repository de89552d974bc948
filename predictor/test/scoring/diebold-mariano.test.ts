import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededUniform } from '../../src/numerics/random.ts';
import {
  dieboldMariano,
  longRunVariance,
  neweyWestLags,
  skillOver,
} from '../../src/scoring/diebold-mariano.ts';

function near(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test('the statistic is that worked out by hand, without and with autocovariance', () => {
  const first = [1, 2, 3, 4];
  const second = [0, 0, 0, 0];
  // Mean 2.5, variance 1.25; 2.5 / sqrt(1.25 / 4) times sqrt(3 / 4).
  near(dieboldMariano(first, second, 0).statistic, Math.sqrt(15), 1e-12);
  // Autocovariance at lag 1 0.3125, Bartlett weight 1/2: 1.25 + 0.3125 = 1.5625; 2.5 / sqrt(1.5625 / 4) sqrt(3 / 4).
  near(longRunVariance(first, 1), 1.5625, 1e-12);
  near(dieboldMariano(first, second, 1).statistic, 4 * Math.sqrt(3 / 4), 1e-12);
  // Student-t with 3 degrees of freedom: P(|t| > 3.4641) = 0.0405.
  near(dieboldMariano(first, second, 1).pValue, 0.0405, 1e-4);
});

test('the smaller loss has the negative sign, and changing sides changes only it', () => {
  const uniform = seededUniform(1);
  const a = Array.from({ length: 500 }, uniform);
  const b = a.map((x) => x + 0.1 * uniform());
  const forth = dieboldMariano(a, b);
  const back = dieboldMariano(b, a);
  assert.ok(forth.statistic < -10 && forth.pValue < 1e-6);
  near(forth.statistic, -back.statistic);
});

test('losses without a difference are not told apart: about 5 % of tests reject at 5 %', () => {
  let rejected = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const uniform = seededUniform(seed);
    const draw = () => Array.from({ length: 200 }, uniform);
    if (dieboldMariano(draw(), draw()).pValue < 0.05) rejected += 1;
  }
  assert.ok(rejected >= 8 && rejected <= 40, `${rejected} of 400`);
});

test('skill is one less the ratio of losses, inside its interval', () => {
  const uniform = seededUniform(2);
  const baseline = Array.from({ length: 1000 }, () => 1 + uniform());
  const skill = skillOver(
    baseline.map((x) => 0.9 * x + 0.01 * (uniform() - 0.5)),
    baseline,
  );
  near(skill.value, 0.1, 0.001);
  assert.ok(skill.lower < skill.value && skill.value < skill.upper && skill.upper - skill.lower < 0.01);
});

test('lags follow the rule of thumb', () => {
  assert.equal(neweyWestLags(100), 4);
  assert.equal(neweyWestLags(3849), 9);
});
