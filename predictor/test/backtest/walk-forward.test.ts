import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditLookAhead, type LearnerFactory } from '../../src/backtest/look-ahead.ts';
import {
  everyBars,
  monthly,
  type ReturnSeries,
  type WalkOptions,
  walkForward,
} from '../../src/backtest/walk-forward.ts';
import { createFilter } from '../../src/models/create-filter.ts';
import type { Filter } from '../../src/models/model.ts';
import { BASELINE } from '../../src/models/settings.ts';
import { businessDays, simulateGarch } from '../support/simulated.ts';

const returns = simulateGarch(
  { mu: 0, omega: 0.05, alpha: 0.1, gamma: 0, beta: 0.85, shape: { errors: 'normal' } },
  900,
  3,
);
const series: ReturnSeries = { times: businessDays(900), returns };
const options: WalkOptions = {
  baseline: BASELINE,
  from: 500,
  to: 900,
  warmUpDays: 100,
  historyMin: 300,
  isRefitDay: everyBars(21),
};

const honest: LearnerFactory = () => (history) => [
  createFilter({ kind: 'historical', name: BASELINE, windowBars: 250 }, history),
  createFilter({ kind: 'ewma', name: 'ewma', lambda: 0.94 }, history),
];

/** Plants a look-ahead of the kind that happens: a scale taken from the whole of the data that was loaded. */
const scaledByTheWholeSample: LearnerFactory = (loaded) => (history) => {
  const deviation = Math.sqrt(loaded.returns.reduce((sum, r) => sum + r * r, 0) / loaded.returns.length);
  return [...honest(loaded)(history), steady(deviation)];
};

/** Plants a crude one: tomorrow's return itself. */
const peeking: LearnerFactory = (loaded) => (history) => [
  ...honest(loaded)(history),
  steady(0.5 + Math.abs(loaded.returns[history.length] ?? 0)),
];

function steady(deviation: number): Filter {
  const { quantiles, observe, simulate } = createFilter(
    { kind: 'ewma', name: 'steady', lambda: 0.999999 },
    Float64Array.from([deviation]),
  );
  return { name: 'steady', quantiles, observe, simulate, volatility: () => deviation };
}

function audit(makeLearner: LearnerFactory, changes: Partial<WalkOptions> = {}) {
  const walk = { ...options, ...changes };
  const days = [...walkForward(series, makeLearner(series), walk)];
  const forecasts = new Map(days.map((day) => [day.t, day.forecast.quantiles]));
  const cut = 651;
  assert.ok(walk.isRefitDay(cut), 'the cut has to be a day of a refit');
  return auditLookAhead(series, makeLearner, walk, cut, forecasts);
}

test('an honest walk passes the audit: without its future it forecasts the same', () => {
  assert.deepEqual(audit(honest), { clean: true, daysCompared: 152 });
});

test('a planted look-ahead is caught: a scale from the whole sample', () => {
  assert.deepEqual(audit(scaledByTheWholeSample), { clean: false, daysCompared: 0, firstDifferentDay: 500 });
});

test('a planted look-ahead is caught: a peek at the next return, though it is but one day', () => {
  assert.deepEqual(audit(peeking), { clean: false, daysCompared: 151, firstDifferentDay: 651 });
  assert.equal(audit(peeking, { isRefitDay: everyBars(1) }).clean, false);
});

test('the learner gets a copy of the past and nothing else', () => {
  const lengths: number[] = [];
  const spy: LearnerFactory = (loaded) => (history) => {
    lengths.push(history.length);
    assert.equal(
      history.buffer.byteLength,
      history.byteLength,
      'the buffer behind the history holds more than it',
    );
    history.fill(0, 0, 1);
    return honest(loaded)(history);
  };
  const before = series.returns[0];
  const days = [...walkForward(series, spy(series), options)];
  assert.equal(series.returns[0], before);
  assert.equal(lengths[0], 400);
  assert.ok(lengths.every((length, i) => i === 0 || length % 21 === 0));
  assert.equal(days.length, 400);
  assert.equal(days[0]?.t, 500);
});

test('monthly refits fall on the first bar of each month', () => {
  const isRefit = monthly(series.times);
  const refits = Array.from(series.times, (time, t) =>
    isRefit(t) ? new Date(time).getUTCMonth() : -1,
  ).filter((m) => m >= 0);
  for (const [i, month] of refits.entries()) assert.equal(month, (1 + i) % 12);
});
