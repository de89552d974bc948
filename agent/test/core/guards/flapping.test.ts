import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flappingGuard } from '../../../src/core/guards/flapping.ts';
import { DEFAULT_GUARDS } from '../../../src/core/settings.ts';
import { ended, fleetOf, MINUTE_MS, NOW, opened, request } from './request.ts';

const { windowMs } = DEFAULT_GUARDS.flapping;
const endsAt = (...ages: readonly number[]) =>
  fleetOf(...ages.map((age, n) => [opened(NOW - age - 1, `i${n}`, 'web'), ended(NOW - age, `i${n}`, 'web')]));

test('two recoveries in an hour are still repairs', () => {
  assert.equal(flappingGuard(request({ fleet: endsAt(MINUTE_MS, 9 * MINUTE_MS) })).verdict, 'allow');
});

test('after the third recovery in an hour a person is wanted, and the sentence says why', () => {
  const answer = flappingGuard(request({ fleet: endsAt(MINUTE_MS, 9 * MINUTE_MS, 20 * MINUTE_MS) }));
  assert.deepEqual(answer, {
    guard: 'flapping',
    verdict: 'refuse',
    code: 'flapping',
    reason: '“recovered” 3 times in the last 60 min and failed again each time: the repair does not last',
  });
});

test('a recovery leaves the window exactly when it is over', () => {
  const verdict = (age: number) => flappingGuard(request({ fleet: endsAt(1, 2, age) })).verdict;
  assert.equal(verdict(windowMs - 1), 'refuse');
  assert.equal(verdict(windowMs), 'allow');
});

test('what got well by itself, was closed or was suppressed is no repair of the agent', () => {
  const others = (['self-resolved', 'closed-by-person', 'suppressed', 'expired'] as const).map(
    (outcome, n) => [
      opened(NOW - 2 * MINUTE_MS, `i${n}`, 'web'),
      ended(NOW - MINUTE_MS, `i${n}`, 'web', outcome),
    ],
  );
  assert.equal(flappingGuard(request({ fleet: fleetOf(...others) })).verdict, 'allow');
});

test('a recovery counts also where the journal of the incident began before what a start folds', () => {
  const tails = [1, 2, 3].map((n) => ended(NOW - n * MINUTE_MS, `i${n}`, 'web'));
  assert.equal(flappingGuard(request({ fleet: fleetOf(tails) })).verdict, 'refuse');
});

test('other targets flap for themselves', () => {
  const others = [1, 2, 3].map((n) => [
    opened(NOW - n * MINUTE_MS - 1, `i${n}`, 'db'),
    ended(NOW - n * MINUTE_MS, `i${n}`, 'db'),
  ]);
  assert.equal(flappingGuard(request({ fleet: fleetOf(...others) })).verdict, 'allow');
});
