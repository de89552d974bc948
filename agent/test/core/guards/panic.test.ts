import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/entry.ts';
import { FLEET_PLACE } from '../../../src/core/fleet.ts';
import { panicGuard, panicThreshold } from '../../../src/core/guards/panic.ts';
import { settings, target } from '../../engine/given.ts';
import { ended, entry, fleetOf, HOUR_MS, MINUTE_MS, NOW, opened, request, SECOND_MS } from './request.ts';

const targets = (size: number) => Array.from({ length: size }, (_, n) => target(`t${n}`));
const failing = (count: number) =>
  Array.from({ length: count }, (_, n) => opened(NOW - SECOND_MS, `i${n}`, `t${n}`));

test('half of the fleet is a panic, and never fewer than three targets', () => {
  const panic = { fraction: 0.5, minimum: 3 };
  assert.deepEqual(
    [1, 2, 5, 6, 7, 8, 100].map((size) => panicThreshold(size, panic)),
    [3, 3, 3, 3, 4, 4, 50],
  );
});

test('one target less than half does not panic; half does, and the sentence says what is suspected', () => {
  assert.equal(panicGuard(request({ targets: targets(8), fleet: fleetOf(failing(3)) })).verdict, 'allow');
  const answer = panicGuard(request({ targets: targets(8), fleet: fleetOf(failing(4)) }));
  assert.equal(answer.verdict, 'delay');
  assert.match(
    answer.reason,
    /^4 of 8 targets fail at once: the monitor, the network or the host is suspected/,
  );
});

test('the picture clears when incidents end', () => {
  const cleared = [ended(NOW, 'i0', 't0'), ended(NOW, 'i1', 't1')];
  assert.equal(
    panicGuard(request({ targets: targets(8), fleet: fleetOf(failing(5), cleared) })).verdict,
    'allow',
  );
});

test('what has been with a person for ten minutes is known trouble, and no part of a panic', () => {
  const escalations = (age: number) =>
    [0, 1, 2, 3].map((n) =>
      entry(NOW - age, `i${n}`, `t${n}`, {
        type: 'escalated',
        number: 1,
        code: 'deadline',
        reason: '',
        channels: [],
      }),
    );
  const verdict = (age: number) => {
    const openings = [0, 1, 2, 3].map((n) => opened(NOW - age - SECOND_MS, `i${n}`, `t${n}`));
    return panicGuard(request({ targets: targets(8), fleet: fleetOf(openings, escalations(age)) })).verdict;
  };
  assert.equal(verdict(10 * MINUTE_MS - 1), 'delay');
  assert.equal(verdict(10 * MINUTE_MS), 'allow');
});

test('incidents without a target are no part of the fleet', () => {
  const unplaced = [1, 2, 3, 4].map((n) =>
    entry(NOW, `u${n}`, null, {
      type: 'incident-opened',
      id: `u${n}`,
      target: null,
      place: `no target ${n}`,
      reason: '',
      deadlineAt: NOW + 1,
      evidenceBy: NOW + 1,
    }),
  );
  assert.equal(panicGuard(request({ targets: targets(4), fleet: fleetOf(unplaced) })).verdict, 'allow');
});

test('what has waited for a person’s approval for ten minutes is known trouble, too', () => {
  const asked = (age: number) =>
    [0, 1, 2, 3].map((n) =>
      entry(NOW - age, `i${n}`, `t${n}`, {
        type: 'approval-asked',
        index: 0,
        until: NOW + MINUTE_MS,
        number: 1,
        channels: [],
        reason: '',
      }),
    );
  const verdict = (age: number, ...more: readonly Draft[]) => {
    const openings = [0, 1, 2, 3].map((n) => opened(NOW - age - SECOND_MS, `i${n}`, `t${n}`));
    return panicGuard(request({ targets: targets(8), fleet: fleetOf(openings, asked(age), more) })).verdict;
  };
  assert.equal(verdict(10 * MINUTE_MS - 1), 'delay');
  assert.equal(verdict(10 * MINUTE_MS), 'allow');
  const approved = entry(NOW - SECOND_MS, 'i0', 't0', {
    type: 'person-said',
    command: 'approve',
    who: 'ann',
    reason: 'go',
  });
  const others = [5, 6].map((n) => opened(NOW - SECOND_MS, `i${n}`, `t${n}`));
  assert.equal(verdict(10 * MINUTE_MS, ...others), 'allow');
  assert.equal(
    verdict(10 * MINUTE_MS, ...others, approved, opened(NOW - SECOND_MS, 'i7', 't7')),
    'delay',
    'what was approved is worked on again',
  );
});

test('what somebody works on is expected to fail, and no part of a panic', () => {
  const maintained = (target: string | null, until: number) =>
    entry(NOW - MINUTE_MS, null, target, {
      type: 'control-set',
      control: { kind: 'maintenance-start', id: `m-${target}`, target, until },
      who: 'ann',
      reason: 'upgrade',
    });
  const verdict = (...controls: readonly Draft[]) =>
    panicGuard(request({ targets: targets(8), fleet: fleetOf(controls, failing(4)) })).verdict;
  assert.equal(verdict(maintained('t0', NOW + 1)), 'allow');
  assert.equal(verdict(maintained('t0', NOW)), 'delay', 'it is over');
  assert.equal(verdict(maintained('t7', NOW + 1)), 'delay', 'it is of another');
  assert.equal(verdict(maintained(null, NOW + 1)), 'allow');
  const recurring = { days: [], startMinute: 0, durationMs: 24 * HOUR_MS, timeZone: 'UTC', reason: '' };
  const configured = settings({ maintenance: [{ ...recurring, targets: ['t1'] }] });
  const asked = request({ targets: targets(8), fleet: fleetOf(failing(4)), settings: configured });
  assert.equal(panicGuard(asked).verdict, 'allow');
});

test('while the panic is not over nothing is touched, also when fewer fail', () => {
  const panic = entry(NOW - MINUTE_MS, 'p', null, {
    type: 'incident-opened',
    id: 'p',
    target: null,
    place: FLEET_PLACE,
    reason: '',
    deadlineAt: NOW + HOUR_MS,
    evidenceBy: NOW,
  });
  const answer = panicGuard(request({ targets: targets(8), fleet: fleetOf([panic], failing(1)) }));
  assert.equal(answer.verdict, 'delay');
  assert.match(answer.reason, /^1 of 8 targets are failing, and more did a moment ago/);
  const over = entry(NOW - 1, 'p', null, { type: 'incident-ended', outcome: 'self-resolved', reason: '' });
  assert.equal(
    panicGuard(request({ targets: targets(8), fleet: fleetOf([panic, over], failing(1)) })).verdict,
    'allow',
  );
});
