import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCoverage } from '../../src/scoring/coverage.ts';

function near(actual: number, expected: number, tolerance = 0.005): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

/** Misses in runs: `pairs` runs of two, the others alone, none at either end. */
function missesInRuns(days: number, runs: readonly number[]): boolean[] {
  const missed: boolean[] = [false];
  for (const length of runs) missed.push(...Array.from({ length }, () => true), false);
  while (missed.length < days) missed.push(false);
  assert.equal(missed.length, days);
  return missed;
}

test('Kupiec: the published example of Jorion, 20 misses in 252 days at 5 %', () => {
  const { kupiec, misses, observed } = testCoverage(missesInRuns(252, Array(20).fill(1)), 0.95);
  assert.equal(misses, 20);
  near(observed, 1 - 20 / 252, 1e-12);
  near(kupiec.statistic, 3.91);
  near(kupiec.pValue, 0.048, 0.0005);
});

test('Christoffersen: the published example of Jorion, 6 of 20 misses follow a miss', () => {
  // 252 transitions: 218 hit-hit, 14 hit-miss, 14 miss-hit, 6 miss-miss.
  const { independence, conditional } = testCoverage(
    missesInRuns(253, [...Array(6).fill(2), ...Array(8).fill(1)]),
    0.95,
  );
  near(independence.statistic, 9.53);
  near(conditional.statistic, 13.44);
  assert.ok(independence.pValue < 0.01 && conditional.pValue < 0.01);
});

test('exact coverage without clusters is not rejected', () => {
  const missed = Array.from({ length: 1000 }, (_, t) => (t * 7919) % 20 === 0);
  const { kupiec } = testCoverage(missed, 0.95);
  near(kupiec.statistic, 0, 1e-9);
  near(kupiec.pValue, 1, 1e-9);
});

test('no miss at all, and nothing but misses, give numbers and not NaN', () => {
  for (const miss of [false, true]) {
    const { kupiec, independence, conditional } = testCoverage(Array(300).fill(miss), 0.95);
    for (const { statistic, pValue } of [kupiec, independence, conditional]) {
      assert.ok(Number.isFinite(statistic) && pValue >= 0 && pValue <= 1);
    }
    assert.ok(kupiec.pValue < 0.001);
  }
});
