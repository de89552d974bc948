import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFilter } from '../../src/models/create-filter.ts';
import type { FittedModel } from '../../src/models/model.ts';
import { simulatePaths } from '../../src/models/simulate.ts';
import { quantileAt } from '../../src/scoring/grid.ts';
import { simulateGarch } from '../support/simulated.ts';

const parameters = {
  mu: 0.04,
  omega: 0.03,
  alpha: 0.02,
  gamma: 0.1,
  beta: 0.88,
  shape: { errors: 't', dof: 6 },
} as const;
const history = simulateGarch(parameters, 1500, 4);
const models: FittedModel[] = [
  { kind: 'historical', name: 'historical', windowBars: 250 },
  { kind: 'ewma', name: 'ewma', lambda: 0.94 },
  { kind: 'garch', name: 'garch', parameters },
];

for (const model of models) {
  test(`simulated paths of ${model.name} agree with its formulas`, () => {
    const filter = createFilter(model, history);
    const paths = simulatePaths(filter, 10, 20_000, 1);
    const exact = filter.quantiles();
    for (const p of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      const distance = Math.abs(quantileAt(paths[0] ?? [], p) - quantileAt(exact, p));
      assert.ok(distance < 0.05 * filter.volatility(1), `step 1, quantile ${p} is off by ${distance}`);
    }
    // Innovations do not depend on one another, so the variances of the steps add up.
    const variance = Array.from({ length: 10 }, (_, i) => filter.volatility(i + 1) ** 2).reduce(
      (a, b) => a + b,
      0,
    );
    const wide = quantileAt(paths[9] ?? [], 0.975) - quantileAt(paths[9] ?? [], 0.025);
    assert.ok(Math.abs(wide / (2 * 1.96 * Math.sqrt(variance)) - 1) < 0.08, `95 % of ten steps: ${wide}`);
  });
}

test('the same seed gives the same paths, another seed others', () => {
  const filter = createFilter({ kind: 'garch', name: 'garch', parameters }, history);
  assert.deepEqual(simulatePaths(filter, 3, 100, 5), simulatePaths(filter, 3, 100, 5));
  assert.notDeepEqual(simulatePaths(filter, 3, 100, 5), simulatePaths(filter, 3, 100, 6));
});
