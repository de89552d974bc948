import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnCalendar } from '../../src/series/calendar.ts';
import { businessDays } from '../support/simulated.ts';

const DAY_MS = 86_400_000;
const daily = learnCalendar(businessDays(300, Date.UTC(2019, 0, 7)));

test('a daily series is due Monday to Friday, each bar once its day is over', () => {
  const friday = Date.UTC(2020, 0, 3);
  assert.equal(daily.intervalMs, DAY_MS);
  assert.equal(daily.barsDue(friday, friday + 3 * DAY_MS), 0, 'on Monday at midnight none is complete');
  assert.equal(daily.barsDue(friday, friday + 4 * DAY_MS), 1, 'on Tuesday that of Monday is');
  assert.equal(daily.barsDue(friday, friday + 14 * DAY_MS), 9);
  assert.ok(Math.abs(daily.barsPerYear - 260.9) < 0.1);
});

test('years of silence are counted whole', () => {
  const friday = Date.UTC(2010, 0, 1);
  assert.equal(daily.barsDue(friday, friday + 3650 * DAY_MS), 521 * 5);
});

test('the next bars skip the weekend', () => {
  const next = daily.next(Date.UTC(2020, 0, 3), 3).map((time) => new Date(time).toISOString().slice(0, 10));
  assert.deepEqual(next, ['2020-01-06', '2020-01-07', '2020-01-08']);
});

test('an intraday series keeps its hours: no bars are due at night', () => {
  const times: number[] = [];
  for (const day of businessDays(60, Date.UTC(2020, 0, 6))) {
    for (let hour = 14; hour <= 20; hour += 1) times.push(day + hour * 3_600_000);
  }
  const hourly = learnCalendar(times);
  const last = times.at(-1) ?? 0;
  assert.equal(hourly.intervalMs, 3_600_000);
  assert.equal(new Date(hourly.next(last, 1)[0] ?? 0).getUTCHours(), 14);
  assert.equal(hourly.barsDue(last, last + 12 * 3_600_000), 0);
});

test('a series that trades every day has weekends too', () => {
  const everyDay = learnCalendar(Array.from({ length: 200 }, (_, i) => Date.UTC(2020, 0, 1 + i)));
  assert.equal(everyDay.barsDue(Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 12)), 10);
});

test('a single bar is enough for an answer', () => {
  const one = learnCalendar([Date.UTC(2020, 0, 1)]);
  assert.equal(one.next(Date.UTC(2020, 0, 1), 2).length, 2);
});
