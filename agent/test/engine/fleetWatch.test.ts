import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../src/core/context.ts';
import type { Draft } from '../../src/core/entry.ts';
import { FLEET_PLACE } from '../../src/core/fleet.ts';
import { FleetWatch } from '../../src/engine/fleetWatch.ts';
import { ended, entry, fleetOf, NOW, opened } from '../core/guards/request.ts';
import { settings, target } from './given.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const FAILING = NAMES.map((name) => opened(NOW - 2_000, `i-${name}`, name));
const PANIC = entry(NOW - 1_000, 'i-fleet', null, {
  type: 'incident-opened',
  id: 'i-fleet',
  target: null,
  place: FLEET_PLACE,
  reason: '',
  deadlineAt: NOW + 1_000_000,
  evidenceBy: NOW,
});
const WELL = NAMES.map((name) => ended(NOW - 500, `i-${name}`, name));

function context(...entries: readonly Draft[]): Context {
  const configured = settings({ targets: NAMES.map((name) => target(name)) });
  return {
    now: NOW,
    settings: configured,
    fleet: fleetOf(entries),
    targets: configured.targets,
    self: { kind: 'outside' },
    discoveryTrouble: null,
  };
}

test('a panic is over when the picture was clear for 30 s', () => {
  const watch = new FleetWatch();
  assert.equal(watch.follow(context(...FAILING), 0), 'panic');
  const clear = context(...FAILING, PANIC, ...WELL);
  assert.equal(watch.follow(clear, 1_000), 'clearing');
  assert.equal(watch.follow(clear, 30_999), null);
  assert.equal(watch.follow(clear, 31_000), 'clear');
});

test('a picture that fails again is clear anew only after another 30 s', () => {
  const watch = new FleetWatch();
  const one = context(...FAILING, PANIC, ...WELL);
  watch.follow(one, 0);
  // The fleet is folded in place.
  for (const name of NAMES) one.fleet.apply(opened(NOW - 400, `j-${name}`, name));
  assert.equal(watch.follow(one, 20_000), 'failing-again');
  for (const name of NAMES) one.fleet.apply(ended(NOW - 300, `j-${name}`, name));
  assert.equal(watch.follow(one, 29_000), 'clearing');
  assert.equal(watch.follow(one, 31_000), null);
  assert.equal(watch.follow(one, 59_000), 'clear');
});

test('to ask whether there is news changes nothing', () => {
  const watch = new FleetWatch();
  const clear = context(...FAILING, PANIC, ...WELL);
  assert.equal(watch.news(clear, 0), 'clearing');
  assert.equal(watch.news(clear, 60_000), 'clearing');
  watch.follow(clear, 60_000);
  assert.equal(watch.news(context(...FAILING), 61_000), 'panic');
  assert.equal(watch.news(clear, 90_000), 'clear');
});

test('what was seen clear in a memory that was thrown away does not count', () => {
  const watch = new FleetWatch();
  watch.follow(context(...FAILING, PANIC, ...WELL), 0);
  assert.equal(watch.follow(context(...FAILING, PANIC, ...WELL), 31_000), 'clearing');
});
