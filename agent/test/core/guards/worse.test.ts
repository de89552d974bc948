import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/entry.ts';
import { worseGuard } from '../../../src/core/guards/worse.ts';
import { ended, fleetOf, MINUTE_MS, mutated, NOW, opened, repaired, request, SECOND_MS } from './request.ts';

/** A mutation of `of`, after which another target begins to fail. */
const harmful = (age: number, n: number, afterMs = SECOND_MS) => [
  opened(NOW - age - 1, `i${n}`, `t${n}`),
  mutated(NOW - age, `i${n}`, `t${n}`),
  opened(NOW - age + afterMs, `v${n}`, `victim-${n}`),
];
const verdict = (...entries: readonly (Draft | readonly Draft[])[]) =>
  worseGuard(request({ fleet: fleetOf(...entries) })).verdict;

test('one mutation after which others failed may be chance', () => {
  assert.equal(verdict(harmful(MINUTE_MS, 1)), 'allow');
});

test('when it happens again the agent stops, and says until when it does', () => {
  const answer = worseGuard(request({ fleet: fleetOf(harmful(4 * MINUTE_MS, 1), harmful(MINUTE_MS, 2)) }));
  assert.equal(answer.verdict === 'refuse' && answer.code, 'worse');
  assert.match(answer.reason, /after each of the last 2 mutations more targets failed than before/);
  assert.match(answer.reason, /the agent stops acting until 12:02:00Z/);
});

test('it acts again exactly when it said', () => {
  const fleet = fleetOf(harmful(4 * MINUTE_MS, 1), harmful(MINUTE_MS, 2));
  const until = NOW + 2 * MINUTE_MS;
  assert.equal(worseGuard(request({ fleet, now: until - 1 })).verdict, 'refuse');
  assert.equal(worseGuard(request({ fleet, now: until })).verdict, 'allow');
});

test('a mutation that did no harm between the two breaks the row', () => {
  const harmless = mutated(NOW - 3 * MINUTE_MS + 30 * SECOND_MS, 'ok', 'fine');
  assert.equal(verdict(harmful(4 * MINUTE_MS, 1), harmless), 'allow');
});

test('the same target failing again is not what it made worse', () => {
  const again = (minutes: number) => [
    ...repaired(NOW - minutes * MINUTE_MS, `i${minutes}`, 'web'),
    opened(NOW - minutes * MINUTE_MS + 5 * SECOND_MS, `j${minutes}`, 'web'),
    ended(NOW - minutes * MINUTE_MS + 6 * SECOND_MS, `j${minutes}`, 'web'),
  ];
  assert.equal(verdict(again(4), again(1)), 'allow');
});

test('a failure long after a mutation is not laid at its door', () => {
  const late = 2 * MINUTE_MS;
  assert.equal(verdict(harmful(6 * MINUTE_MS - 1, 1, late), harmful(3 * MINUTE_MS, 2, late)), 'refuse');
  assert.equal(
    verdict(harmful(6 * MINUTE_MS - 1, 1, late + 1), harmful(3 * MINUTE_MS, 2, late + 1)),
    'allow',
  );
});
