import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panicGuard, panicThreshold } from '../../../src/core/guards/panic.ts';
import { target } from '../../engine/harness.ts';
import { ended, entry, fleetOf, MINUTE_MS, NOW, opened, request, SECOND_MS } from './request.ts';

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
