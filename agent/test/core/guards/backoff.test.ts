import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GuardAnswer } from '../../../src/core/guards/answer.ts';
import { backoffGuard } from '../../../src/core/guards/backoff.ts';
import { DEFAULT_GUARDS } from '../../../src/core/settings.ts';
import {
  fleetOf,
  HOUR_MS,
  incidentOf,
  MINUTE_MS,
  mutated,
  NOW,
  repaired,
  request,
  SECOND_MS,
} from './request.ts';

const STEADY = { ...DEFAULT_GUARDS, backoff: { ...DEFAULT_GUARDS.backoff, jitter: 0 } };
const delayOf = (answer: GuardAnswer, now = NOW) => (answer.verdict === 'delay' ? answer.until - now : 0);

/** The pause after mutations that follow each other in `gapMs`, the last of them now. */
function pauseAfter(streak: number, gapMs = MINUTE_MS, limits = STEADY): number {
  const entries = Array.from({ length: streak }, (_, n) => mutated(NOW - n * gapMs, `i${n}`, 'web'));
  return delayOf(backoffGuard(request({ fleet: fleetOf(entries), limits })));
}

test('a target that was not mutated lately is not waited for', () => {
  assert.equal(backoffGuard(request()).verdict, 'allow');
});

test('the pauses are 10 s, doubling, and never longer than 5 min', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 50].map((streak) => pauseAfter(streak) / SECOND_MS),
    [10, 20, 40, 80, 160, 300, 300, 300],
  );
});

test('it waits to the last millisecond of the pause, and says until when', () => {
  const fleet = fleetOf(repaired(NOW - 4 * SECOND_MS, 'i1', 'web'));
  const answer = backoffGuard(request({ fleet, limits: STEADY }));
  assert.equal(answer.reason, 'mutated once lately; waits until 12:00:06Z');
  const over = NOW + 6 * SECOND_MS;
  assert.equal(backoffGuard(request({ fleet, limits: STEADY, now: over - 1 })).verdict, 'delay');
  assert.equal(backoffGuard(request({ fleet, limits: STEADY, now: over })).verdict, 'allow');
});

test('a target that was left alone for ten minutes begins anew', () => {
  const { resetAfterMs } = STEADY.backoff;
  const old = [resetAfterMs + 2, resetAfterMs + 3, resetAfterMs + 4].map((age, n) =>
    mutated(NOW - age, `i${n}`, 'web'),
  );
  const pause = (last: number) =>
    delayOf(
      backoffGuard(request({ fleet: fleetOf(old, mutated(NOW - last, 'last', 'web')), limits: STEADY })),
    );
  assert.equal(pause(1), 10 * SECOND_MS - 1);
  assert.equal(pause(2), 80 * SECOND_MS - 2);
});

test('other targets have pauses of their own', () => {
  assert.equal(backoffGuard(request({ fleet: fleetOf(mutated(NOW, 'i1', 'db')) })).verdict, 'allow');
});

test('the further instances of a step do not wait for each other', () => {
  const fleet = fleetOf(mutated(NOW, 'i1', 'web'));
  assert.equal(backoffGuard(request({ fleet, counts: false })).verdict, 'allow');
});

test('the pause never shrinks with the streak, and jitter adds at most its share', () => {
  const limits = fc.record({
    initialMs: fc.integer({ min: 1, max: HOUR_MS }),
    factor: fc.double({ min: 1, max: 100, noNaN: true }),
    maxMs: fc.integer({ min: 1, max: HOUR_MS }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(limits, fc.integer({ min: 1, max: 60 }), fc.string(), (written, streak, id) => {
      const backoff = { ...written, resetAfterMs: HOUR_MS };
      const steady = { ...DEFAULT_GUARDS, backoff: { ...backoff, jitter: 0 } };
      const [now, next] = [pauseAfter(streak, SECOND_MS, steady), pauseAfter(streak + 1, SECOND_MS, steady)];
      assert.ok(next >= now && next <= backoff.maxMs);
      const entries = Array.from({ length: streak }, (_, n) => mutated(NOW - n * SECOND_MS, `i${n}`, 'web'));
      const jittered = delayOf(
        backoffGuard(
          request({
            fleet: fleetOf(entries),
            limits: { ...DEFAULT_GUARDS, backoff },
            incident: { ...incidentOf(), id },
          }),
        ),
      );
      // A moment is whole milliseconds: what is shown may be half a one off.
      const exact = Math.min(backoff.initialMs * backoff.factor ** (streak - 1), backoff.maxMs);
      assert.ok(jittered >= exact - 1 && jittered <= exact * (1 + backoff.jitter) + 1);
    }),
    { numRuns: 300 },
  );
});

test('the same question gets the same answer: a replay waits as long', () => {
  const ask = () => backoffGuard(request({ fleet: fleetOf(mutated(NOW, 'i1', 'web')) }));
  assert.deepEqual(ask(), ask());
});
