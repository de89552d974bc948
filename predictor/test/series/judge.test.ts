import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Bar, RawBar } from '../../src/series/bar.ts';
import { learnCalendar } from '../../src/series/calendar.ts';
import { type JudgeContext, judge } from '../../src/series/judge.ts';
import { businessDays } from '../support/simulated.ts';

const NOW = Date.UTC(2021, 0, 1);

function context(known: readonly Bar[] = [], changes: Partial<JudgeContext> = {}): JudgeContext {
  return {
    nowMs: NOW,
    knownAt: (time) => known.find((bar) => bar.time === time),
    knownBefore: (time) => known.findLast((bar) => bar.time < time),
    calendar: undefined,
    acceptJumps: false,
    ...changes,
  };
}

function row(time: unknown, close: unknown = 100, changes: Partial<RawBar> = {}): RawBar {
  return { time, open: close, high: close, low: close, close, volume: 10, ...changes };
}

function verdictsOf(
  rows: readonly RawBar[],
  known: readonly Bar[] = [],
  changes: Partial<JudgeContext> = {},
): string[] {
  return judge(rows, context(known, changes)).verdicts.map(({ verdict }) => verdict);
}

describe('a row by itself', () => {
  const cases: [string, RawBar, string][] = [
    ['a good one', row('2020-01-02'), 'kept'],
    ['numbers as text', row('2020-01-02', '100.50'), 'kept'],
    ['a time in seconds', row(1_577_923_200), 'kept'],
    ['a time in milliseconds', row(1_577_923_200_000), 'kept'],
    ['a date and time with a zone', row('2020-01-02T09:30:00-05:00'), 'kept'],
    ['no volume at all', row('2020-01-02', 100, { volume: '' }), 'kept'],
    ['a word for a date', row('yesterday'), 'bad-time'],
    ['a date that no calendar has', row('2020-02-31'), 'bad-time'],
    ['no date', row(undefined), 'bad-time'],
    ['a date far ahead', row('2031-01-02'), 'in-the-future'],
    ['NaN', row('2020-01-02', Number.NaN), 'not-a-number'],
    ['"null"', row('2020-01-02', 'null'), 'not-a-number'],
    ['thousands set apart', row('2020-01-02', '1,234.5'), 'not-a-number'],
    ['a negative price', row('2020-01-02', -5), 'not-positive'],
    ['a price of zero', row('2020-01-02', 0), 'not-positive'],
    ['a negative volume', row('2020-01-02', 100, { volume: -1 }), 'not-positive'],
    ['high below low', row('2020-01-02', 100, { high: 99, low: 101 }), 'high-below-low'],
    ['a close above the high', row('2020-01-02', 100, { close: 105 }), 'outside-range'],
    ['an open below the low', row('2020-01-02', 100, { open: 90 }), 'outside-range'],
  ];
  for (const [what, raw, verdict] of cases) {
    test(`${what}: ${verdict}`, () => assert.deepEqual(verdictsOf([raw]), [verdict]));
  }
});

describe('rows together', () => {
  test('bad rows are left out and the good ones around them are kept', () => {
    const rows = [row('2020-01-02'), row('2020-01-03', -1), row('2020-01-06'), row('bad'), row('2020-01-07')];
    const { verdicts, fresh } = judge(rows, context());
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ['kept', 'not-positive', 'kept', 'bad-time', 'kept'],
    );
    assert.equal(fresh.length, 3);
    assert.deepEqual(
      verdicts.map((verdict) => verdict.row),
      [1, 2, 3, 4, 5],
    );
  });

  test('a row out of order is told so; the order of the others stands', () => {
    const rows = [row('2020-01-02'), row('2020-01-06'), row('2020-01-03'), row('2020-01-07')];
    assert.deepEqual(verdictsOf(rows), ['kept', 'kept', 'out-of-order', 'kept']);
  });

  test('a batch with the newest first is read from its end', () => {
    const { verdicts, fresh } = judge([row('2020-01-07'), row('2020-01-06'), row('2020-01-03')], context());
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ['kept', 'kept', 'kept'],
    );
    assert.ok(fresh.every((bar, i) => i === 0 || bar.time > (fresh[i - 1]?.time ?? 0)));
  });

  test('a duplicate is told apart from a contradiction', () => {
    assert.deepEqual(verdictsOf([row('2020-01-02'), row('2020-01-02')]), ['kept', 'duplicate']);
    assert.deepEqual(verdictsOf([row('2020-01-02'), row('2020-01-02', 101)]), ['kept', 'conflict']);
  });

  test('a bar that the series has is known, one that differs is a conflict with both values', () => {
    const known: Bar[] = [
      { time: Date.UTC(2020, 0, 2), open: 100, high: 100, low: 100, close: 100, volume: 10 },
    ];
    const { verdicts } = judge([row('2020-01-02'), row('2020-01-03')], context(known));
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ['known', 'kept'],
    );
    const [conflict] = judge([row('2020-01-02', 100, { low: 99 })], context(known)).verdicts;
    assert.ok(conflict?.verdict === 'conflict');
    assert.match(conflict.detail, /low 100 there, 99 here/);
  });

  test('weeks without bars are a gap, a weekend is none', () => {
    assert.deepEqual(verdictsOf([row('2020-01-03'), row('2020-01-06'), row('2020-02-03')]), [
      'kept',
      'kept',
      'kept-after-gap',
    ]);
    const calendar = learnCalendar(businessDays(500, Date.UTC(2018, 0, 1)));
    const [, gap] = judge([row('2020-01-03'), row('2020-01-20')], context([], { calendar })).verdicts;
    assert.ok(gap?.verdict === 'kept-after-gap');
    assert.match(gap.detail, /About 10 bars are missing/);
  });
});

describe('splits that look like crashes', () => {
  const before = row('2020-01-02', 100);
  const split = row('2020-01-03', 50.6);

  test('a fall at the open by a usual ratio is a suspected split, and what follows is on another scale', () => {
    const { verdicts } = judge([before, split, row('2020-01-06', 51)], context());
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ['kept', 'suspected-split', 'after-suspected-split'],
    );
    assert.match(JSON.stringify(verdicts[1]), /2 to 1/);
  });

  test('a reverse split is seen too', () => {
    assert.deepEqual(verdictsOf([before, row('2020-01-03', 1010)]), ['kept', 'suspected-split']);
  });

  test('a real crash is kept: it falls within the day, from near the old price', () => {
    const crash = { time: '2020-01-03', open: 99, high: 99, low: 74, close: 79.5, volume: 99 };
    assert.deepEqual(verdictsOf([before, crash]), ['kept', 'kept']);
  });

  test('with jumps accepted it is kept', () => {
    assert.deepEqual(verdictsOf([before, split], [], { acceptJumps: true }), ['kept', 'kept']);
  });
});
