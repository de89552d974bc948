import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf, standardQuantile } from '../../src/numerics/distributions.ts';
import { crps, pinball } from '../../src/scoring/crps.ts';
import { PROBABILITIES, probabilityOf, quantileAt, quantilesOfSorted } from '../../src/scoring/grid.ts';

const normal = PROBABILITIES.map((p) => 0.1 + 1.3 * standardQuantile({ errors: 'normal' }, p));
const student = PROBABILITIES.map((p) => standardQuantile({ errors: 't', dof: 4 }, p));
const sample = quantilesOfSorted(Float64Array.from([-3, -1, -0.5, -0.5, 0, 0.2, 0.9, 2.5]));

/** The definition, by brute force: the integral of (F(x) - [x >= y])^2 over x. */
function integrated(quantiles: readonly number[], observed: number): number {
  const from = Math.min(quantiles[0] ?? 0, observed) - 0.01;
  const to = Math.max(quantiles.at(-1) ?? 0, observed) + 0.01;
  const steps = 200_000;
  const width = (to - from) / steps;
  let total = 0;
  for (let i = 0; i < steps; i += 1) {
    const x = from + (i + 0.5) * width;
    total += (probabilityOf(quantiles, x) - (x >= observed ? 1 : 0)) ** 2 * width;
  }
  return total;
}

for (const [name, quantiles] of Object.entries({ normal, student, sample })) {
  test(`CRPS of a ${name} forecast is the integral of its definition`, () => {
    for (const observed of [-9, -2.2, -0.5, 0, 0.3, 1.7, 6]) {
      const exact = crps(quantiles, observed);
      assert.ok(
        Math.abs(exact - integrated(quantiles, observed)) < 2e-4,
        `${observed}: ${exact} ${integrated(quantiles, observed)}`,
      );
    }
  });
}

test('on the grid the CRPS of a normal forecast is that of its closed form to half a percent', () => {
  for (const observed of [-2, 0.1, 1, 3]) {
    const z = (observed - 0.1) / 1.3;
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    const closed = 1.3 * (z * (2 * normalCdf(z) - 1) + 2 * density - 1 / Math.sqrt(Math.PI));
    assert.ok(Math.abs(crps(normal, observed) / closed - 1) < 0.005, `${observed}`);
  }
});

test('the CRPS of a certain forecast is the distance', () => {
  assert.ok(
    Math.abs(
      crps(
        PROBABILITIES.map(() => 2),
        5,
      ) - 3,
    ) < 1e-12,
  );
});

test('pinball loss punishes the side that the probability says', () => {
  assert.ok(Math.abs(pinball(0.9, 1, 3) - 1.8) < 1e-12);
  assert.ok(Math.abs(pinball(0.9, 3, 1) - 0.2) < 1e-12);
});

test('quantile and probability undo each other', () => {
  for (const p of [0.0005, 0.0123, 0.5, 0.777, 0.999]) {
    assert.ok(Math.abs(probabilityOf(normal, quantileAt(normal, p)) - p) < 1e-12);
  }
});
