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

describe('bars that are still being made', () => {
  const daily = row('2020-12-31');

  test('a bar is taken only once it is complete, by the interval of the series', () => {
    const calendar = learnCalendar(businessDays(500, Date.UTC(2018, 0, 1)));
    const noon = Date.UTC(2020, 11, 31, 12);
    const [early] = judge([daily], context([], { calendar, nowMs: noon })).verdicts;
    assert.ok(early?.verdict === 'incomplete');
    assert.match(early.detail, /complete at 2021-01-01T00:00:00.000Z/);
    assert.deepEqual(verdictsOf([daily], [], { calendar, nowMs: NOW }), ['kept']);
  });

  test('a new series has the interval of its first batch; a bar alone is one of a day', () => {
    const rows = [row('2020-12-31T10:00'), row('2020-12-31T11:00'), row('2020-12-31T12:00')];
    const nowMs = Date.UTC(2020, 11, 31, 12, 30);
    assert.deepEqual(verdictsOf(rows, [], { nowMs }), ['kept', 'kept', 'incomplete']);
    assert.deepEqual(verdictsOf([rows[2] ?? {}], [], { nowMs }), ['incomplete']);
  });
});

describe('moves that no market makes', () => {
  const days = businessDays(60, Date.UTC(2020, 0, 6));
  const calm = (close: number, i: number): RawBar => row(days[i], close * (1 + ((i * 7) % 11) / 1000));
  const before = Array.from({ length: 40 }, (_, i) => calm(2870, i));

  test('a gross decimal error is refused, and the good bar after it is kept', () => {
    const rows = [...before, calm(2.87, 40), calm(2870, 41)];
    const { verdicts, held } = judge(rows, context());
    assert.deepEqual(
      verdicts.slice(-2).map(({ verdict }) => verdict),
      ['implausible-jump', 'kept'],
    );
    assert.match(JSON.stringify(verdicts[40]), /log return of -/);
    assert.equal(held, undefined);
  });

  test('in a calm series less is absurd, but a crash as of 1987 is kept', () => {
    const last = (close: number) => verdictsOf([...before, row(days[40], close)]).at(-1);
    assert.equal(last(2870 * 0.77), 'kept');
    assert.equal(last(2870 * 0.6), 'implausible-jump');
  });

  test('a series that is wild by itself may move by more', () => {
    const wild = Array.from({ length: 40 }, (_, i) => row(days[i], 100 + ((i * i * 7) % 37)));
    assert.equal(verdictsOf([...wild, row(days[40], 75)]).at(-1), 'kept');
  });

  test('what follows on the scale of the refused bar is refused, in the next batch too', () => {
    const first = judge([...before, calm(2.87, 40)], context());
    const series = { recent: first.fresh, held: first.held };
    const next = judge([calm(2.8, 41)], context(first.fresh, series));
    assert.deepEqual(
      next.verdicts.map(({ verdict }) => verdict),
      ['after-implausible-jump'],
    );
    assert.deepEqual(next.held, first.held);
    assert.deepEqual(verdictsOf([calm(2.8, 41)], first.fresh, { ...series, acceptJumps: true }), ['kept']);
    assert.deepEqual(verdictsOf([calm(2870, 40), calm(2870, 41)], first.fresh, series), ['kept', 'kept']);
  });

  test('with jumps accepted it is kept', () => {
    assert.equal(verdictsOf([...before, calm(2.87, 40)], [], { acceptJumps: true }).at(-1), 'kept');
  });
});

describe('bars that are corrected on purpose', () => {
  const [known] = judge([row('2020-01-02', 100)], context()).fresh;

  test('a bar that disagrees takes the place of the other where that was asked for', () => {
    assert.ok(known);
    const { verdicts, replaced, fresh } = judge(
      [row('2020-01-02', 101)],
      context([known], { replace: true }),
    );
    assert.ok(verdicts[0]?.verdict === 'replaced');
    assert.match(verdicts[0].detail, /close 100 there, 101 here/);
    assert.deepEqual([replaced.length, fresh.length], [1, 0]);
  });

  test('a correction is judged as any bar', () => {
    assert.ok(known);
    const rows = [row('2020-01-02', 100), row('2020-01-03', 1)];
    const series = [known, { ...known, time: Date.UTC(2020, 0, 3) }];
    assert.deepEqual(verdictsOf(rows, series, { replace: true }), ['known', 'suspected-split']);
  });
});
