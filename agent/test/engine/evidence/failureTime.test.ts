import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureTime } from '../../../src/engine/evidence/failureTime.ts';
import { START_AT } from '../given.ts';
import { instance } from './stage.ts';

/** Ended 12 s before the incident, and brought back two seconds later. */
const broughtBack = instance('web-1', { finishedAt: START_AT - 12_000, startedAt: START_AT - 10_000 });

/** As what it was seen well, so long before the incident. */
function seenWell(beforeMs: number, startedAt = broughtBack.startedAt) {
  const { id, name, revision } = broughtBack;
  const at = START_AT - beforeMs;
  return { firstAt: at, lastAt: at, instances: [{ id, name, revision, startedAt }] };
}

test('what was brought back failed before its new start', () => {
  assert.equal(failureTime(broughtBack, START_AT), START_AT - 11_000);
});

test('a run that was seen well since it was brought back has failed anew, and its log is of before', () => {
  assert.equal(failureTime(broughtBack, START_AT, [seenWell(3_000)]), START_AT);
});

test('that an earlier run was well says nothing of this one', () => {
  const earlier = [seenWell(60_000), seenWell(3_000, START_AT - 3_600_000)];
  assert.equal(failureTime(broughtBack, START_AT, earlier), START_AT - 11_000);
});

test('what was seen well only after the incident was opened had failed by then', () => {
  assert.equal(failureTime(broughtBack, START_AT, [seenWell(-3_000)]), START_AT - 11_000);
});

test('what has ended wrote everything before', () => {
  const ended = instance('web-1', { status: 'exited', finishedAt: START_AT });
  assert.equal(failureTime(ended, START_AT, [seenWell(3_000)]), Number.POSITIVE_INFINITY);
});
