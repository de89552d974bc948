import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredSides } from '../../src/sources/measuredSides.ts';

test('what a rule measures is what it compares, without the comparison', () => {
  const cases: readonly (readonly [expression: string, sides: readonly string[]])[] = [
    ['up == 0', ['up']],
    ['0.5 < histogram_quantile(0.9, rate(x_bucket[5m]))', ['histogram_quantile(0.9, rate(x_bucket[5m]))']],
    ['(sum by (job) (rate(x[5m])) / 2) > bool 3', ['(sum by (job) (rate(x[5m])) / 2)']],
    ['predict_linear(free[1h], 3600) < -5', ['predict_linear(free[1h], 3600)']],
    ['((rate(errors[5m]) > 5) and on (job) (up == 1))', ['rate(errors[5m])', 'up']],
    ['used > limit', ['used', 'limit']],
    ['a > 1 unless a > 5', ['a']],
    ['absent(up{job="web"})', ['absent(up{job="web"})']],
    ['rate(x[5m]) / rate(y[5m])', ['rate(x[5m]) / rate(y[5m])']],
    ['a > 1 or b > 1 or c > 1 or d > 1', ['a', 'b', 'c']],
  ];
  for (const [expression, sides] of cases) assert.deepEqual(measuredSides(expression), sides, expression);
});

test('what is no expression measures nothing, and however deep it is, it is read', () => {
  assert.deepEqual(measuredSides(''), []);
  const deep = `${'('.repeat(500)}up == 0${')'.repeat(500)}`;
  assert.equal(measuredSides(deep).length, 1);
});
