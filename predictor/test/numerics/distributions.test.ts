import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chiSquareUpperTail,
  normalCdf,
  standardQuantile,
  studentTwoSided,
} from '../../src/numerics/distributions.ts';

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

test('quantiles are those of the printed tables, scaled to variance 1', () => {
  near(standardQuantile({ errors: 'normal' }, 0.975), 1.959963985, 1e-8);
  // The table has 2.570582 for 5 degrees of freedom, whose variance is 5/3.
  near(standardQuantile({ errors: 't', dof: 5 }, 0.975), 2.570582 * Math.sqrt(3 / 5), 1e-5);
  near(standardQuantile({ errors: 't', dof: 5 }, 0.025), -2.570582 * Math.sqrt(3 / 5), 1e-5);
});

test('tails are those of the printed tables', () => {
  near(normalCdf(1.959963985), 0.975, 1e-9);
  near(chiSquareUpperTail(3.841459, 1), 0.05, 1e-6);
  near(chiSquareUpperTail(9.21034, 2), 0.01, 1e-6);
  near(studentTwoSided(-2.570582, 5), 0.05, 1e-6);
  assert.equal(chiSquareUpperTail(0, 1), 1);
});
