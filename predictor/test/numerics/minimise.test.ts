import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hessianOf, inverse, minimise } from '../../src/numerics/minimise.ts';

const rosenbrock = {
  valueAt: ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradientAt: ([x = 0, y = 0]: readonly number[]) => [
    -2 * (1 - x) - 400 * x * (y - x * x),
    200 * (y - x * x),
  ],
};
const options = { maxIterations: 500, gradientTolerance: 1e-6 };

test('the minimum of a curved valley is found to many digits, from either side', () => {
  for (const start of [
    [-1.2, 1],
    [3, -4],
    [0, 0],
  ]) {
    const found = minimise(rosenbrock, start, options);
    assert.equal(found.converged, true);
    for (const x of found.x) assert.ok(Math.abs(x - 1) < 1e-8, `${found.x}`);
  }
});

test('a minimum that was not reached is said to be so, with the reason', () => {
  const found = minimise(rosenbrock, [-1.2, 1], { ...options, maxIterations: 3 });
  assert.equal(found.converged, false);
  assert.match(found.reason, /after \d+ iterations the gradient is still/);
});

test('the Hessian and its inverse are those of the function', () => {
  const hessian = hessianOf(rosenbrock.gradientAt, [1, 1]);
  const exact = [
    [802, -400],
    [-400, 200],
  ];
  for (const [i, row] of exact.entries()) {
    for (const [j, value] of row.entries()) assert.ok(Math.abs((hessian[i]?.[j] ?? 0) - value) < 1e-4);
  }
  assert.ok(Math.abs((inverse(hessian)?.[0]?.[0] ?? 0) - 0.5) < 1e-4);
  assert.equal(
    inverse([
      [1, 1],
      [1, 1],
    ]),
    undefined,
  );
});
