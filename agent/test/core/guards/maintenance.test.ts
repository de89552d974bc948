import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maintenanceGuard } from '../../../src/core/guards/maintenance.ts';
import type { RecurringWindow } from '../../../src/core/maintenance.ts';
import { settings } from '../../engine/given.ts';
import { entry, fleetOf, HOUR_MS, MINUTE_MS, NOW, request } from './request.ts';

const UNTIL = NOW + 30 * MINUTE_MS;
const declared = (of: string | null, id = 'm1', until = UNTIL) =>
  entry(NOW - HOUR_MS, null, of, {
    type: 'control-set',
    control: { kind: 'maintenance-start', id, target: of, until },
    who: 'ann',
    reason: 'upgrade',
  });
const over = entry(NOW - MINUTE_MS, null, null, {
  type: 'control-set',
  control: { kind: 'maintenance-end', id: 'm1' },
  who: 'ann',
  reason: '',
});

test('a declared maintenance holds its target, or all, and says until when, why and whose it is', () => {
  for (const whose of ['web', null]) {
    const answer = maintenanceGuard(request({ fleet: fleetOf(declared(whose)) }));
    assert.equal(answer.verdict === 'delay' && answer.until, UNTIL);
    assert.equal(answer.verdict === 'delay' && answer.patient, true);
    assert.match(answer.reason, /maintenance until 12:30:00Z.*upgrade/);
  }
});

test('it expires by itself, to the millisecond', () => {
  const fleet = fleetOf(declared('web'));
  assert.equal(maintenanceGuard(request({ fleet, now: UNTIL - 1 })).verdict, 'delay');
  assert.equal(maintenanceGuard(request({ fleet, now: UNTIL })).verdict, 'allow');
});

test('a maintenance of another target, and one that a person ended, hold nothing', () => {
  assert.equal(maintenanceGuard(request({ fleet: fleetOf(declared('db')) })).verdict, 'allow');
  assert.equal(maintenanceGuard(request({ fleet: fleetOf(declared('web'), over) })).verdict, 'allow');
});

test('of several the one that ends last counts', () => {
  const longer = declared(null, 'm2', UNTIL + HOUR_MS);
  const answer = maintenanceGuard(request({ fleet: fleetOf(declared('web'), longer) }));
  assert.equal(answer.verdict === 'delay' && answer.until, UNTIL + HOUR_MS);
});

const nightly: RecurringWindow = {
  targets: [],
  days: [],
  startMinute: 13 * 60 - 10,
  durationMs: 20 * MINUTE_MS,
  timeZone: 'Europe/Berlin',
  reason: 'nightly backup',
};
// 12:00 UTC is 13:00 in Berlin in November.
const ask = (window: RecurringWindow, now = NOW) =>
  maintenanceGuard(request({ settings: settings({ maintenance: [window] }), now }));

test('a recurring window is open from its first to before its last millisecond, by the clock of its zone', () => {
  const from = NOW - 10 * MINUTE_MS;
  assert.equal(ask(nightly, from - 1).verdict, 'allow');
  assert.equal(ask(nightly, from).verdict, 'delay');
  const answer = ask(nightly);
  assert.equal(answer.verdict === 'delay' && answer.until, NOW + 10 * MINUTE_MS);
  assert.equal(ask(nightly, NOW + 10 * MINUTE_MS).verdict, 'allow');
});

test('a recurring window that began yesterday is still open after midnight, and is of yesterday’s day', () => {
  // The 24th is a Tuesday; the window began on Monday at 23:30 and lasts until Tuesday 00:30 in Berlin.
  const late = { ...nightly, startMinute: 23 * 60 + 30, durationMs: HOUR_MS, days: [1] };
  const tuesday = Date.UTC(2026, 10, 23, 23, 15);
  assert.equal(ask(late, tuesday).verdict, 'delay');
  assert.equal(ask({ ...late, days: [2] }, tuesday).verdict, 'allow');
});

test('a recurring window of other targets holds nothing', () => {
  assert.equal(ask({ ...nightly, targets: ['db'] }).verdict, 'allow');
});
