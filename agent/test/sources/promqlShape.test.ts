import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeOf } from '../../src/sources/promqlShape.ts';

test('the series that an expression reads are found, each once, without range and offset', () => {
  const shape = shapeOf(
    'sum by (a) (rate(x{code=~"5..[1m]"}[5m] offset 1h)) / sum(rate(y[5m])) > on() y or {__name__="z"}',
  );
  assert.deepEqual(shape.selectors, ['x{code=~"5..[1m]"}', 'y', '{__name__="z"}']);
  assert.equal(shape.isAbsent, false);
});

test('an expression that holds while a series is missing is known by its outermost call', () => {
  for (const expression of ['absent(up{job="a"})', '((absent_over_time(up[5m])))', 'absent (up)']) {
    assert.equal(shapeOf(expression).isAbsent, true, expression);
  }
  for (const expression of [
    'up == 0 or absent(up)',
    'absent(up) == 1',
    'absent_minded > 1',
    'sum(absent(up))',
  ]) {
    assert.equal(shapeOf(expression).isAbsent, false, expression);
  }
});

test('what is no PromQL has no series, and what reads a thousand has some', () => {
  assert.deepEqual(shapeOf('').selectors, []);
  assert.ok(
    shapeOf(Array.from({ length: 1_000 }, (_, index) => `m${index}`).join(' + ')).selectors.length <= 8,
  );
});
