import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrate, faded, UNCALIBRATED } from '../../src/models/calibration.ts';
import { createFilter } from '../../src/models/create-filter.ts';
import { Forecaster } from '../../src/models/forecaster.ts';
import type { FittedModel } from '../../src/models/model.ts';
import { quantileAt } from '../../src/scoring/grid.ts';
import { simulateGarch } from '../support/simulated.ts';

const truth = { mu: 0, omega: 0.02, alpha: 0.08, gamma: 0, beta: 0.9, shape: { errors: 'normal' } } as const;
const good: FittedModel = { kind: 'garch', name: 'good', parameters: truth };
/** Half the volatility that is right. */
const narrow: FittedModel = {
  kind: 'garch',
  name: 'narrow',
  parameters: { ...truth, omega: 0.005, alpha: 0.02 },
};
const returns = simulateGarch(truth, 7000, 8);
const history = returns.subarray(0, 1000);

const ANCHORS_SHIFTED = { shifts: UNCALIBRATED.shifts.map(() => 0.5) };

function forecaster(models: readonly FittedModel[], adaptive = true): Forecaster {
  return new Forecaster(
    models.map((model) => createFilter(model, history)),
    { baseline: models[0]?.name ?? '', adaptive },
  );
}

test('the weight goes to the model with the better past scores', () => {
  const both = forecaster([narrow, good]);
  assert.equal(both.weights.get('good'), 0.5);
  for (const r of returns.subarray(1000, 1500)) both.observe(r);
  assert.ok((both.weights.get('good') ?? 0) > 0.95, `${both.weights.get('good')}`);
});

test('a model whose volatility is half of the right one covers what it should once it is calibrated', () => {
  for (const [adaptive, expected] of [
    [true, 0.8],
    [false, 0.48],
  ] as const) {
    const one = forecaster([narrow], adaptive);
    let inside = 0;
    let days = 0;
    for (const [t, r] of returns.subarray(1000).entries()) {
      const { quantiles } = one.forecast();
      if (t >= 2500) {
        days += 1;
        if (r >= quantileAt(quantiles, 0.1) && r <= quantileAt(quantiles, 0.9)) inside += 1;
      }
      one.observe(r);
    }
    assert.ok(Math.abs(inside / days - expected) < 0.03, `adaptive ${adaptive}: ${inside / days}`);
  }
});

test('a return is scored by the forecast that stood before it', () => {
  const one = forecaster([good]);
  const before = one.forecast();
  const lesson = one.observe(25);
  assert.equal(lesson.forecast, before);
  assert.ok(lesson.crps > 15);
  assert.notEqual(one.forecast(), before);
});

test('what was learnt at one step fades over more', () => {
  const learnt = ANCHORS_SHIFTED;
  const forecast = forecaster([good]).forecast().raw;
  const distance = (step: number): number =>
    Math.abs(quantileAt(calibrate(forecast, faded(learnt, step)), 0.1) - quantileAt(forecast, 0.1));
  assert.ok(distance(1) > 2 * distance(3) && distance(3) > 2 * distance(10) && distance(10) > 0);
});

test('quantiles never fall, whatever has been seen', () => {
  const one = forecaster([narrow, good]);
  for (const r of [...returns.subarray(1000, 1200), 40, -40, 40, 0, 0, 0, -25]) {
    const { quantiles } = one.forecast();
    for (const [i, q] of quantiles.entries()) assert.ok(i === 0 || q >= (quantiles[i - 1] ?? 0));
    one.observe(r);
  }
});
