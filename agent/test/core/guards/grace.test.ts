import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graceGuard } from '../../../src/core/guards/grace.ts';
import type { Instance } from '../../../src/core/target.ts';
import {
  confirmed,
  done,
  fleetOf,
  incidentOf,
  instance,
  MINUTE_MS,
  mutated,
  NOW,
  opened,
  request,
  SECOND_MS,
} from './request.ts';

const ask = (...instances: readonly Instance[]) => graceGuard(request({ instances }));

test('what has run for long is not left alone', () => {
  assert.equal(ask(instance()).verdict, 'allow');
});

test('what somebody else started is left alone for 30 s, to the millisecond, and the sentence says so', () => {
  const startedAt = NOW - 10 * SECOND_MS;
  const answer = ask(instance({ startedAt }));
  assert.deepEqual(answer, {
    guard: 'grace',
    verdict: 'delay',
    until: startedAt + 30 * SECOND_MS,
    reason: 'web-1 was started by someone else 10 s ago; it is left alone until 12:00:20Z',
  });
  assert.equal(ask(instance({ startedAt: NOW - 30 * SECOND_MS + 1 })).verdict, 'delay');
  assert.equal(ask(instance({ startedAt: NOW - 30 * SECOND_MS })).verdict, 'allow');
});

test('what was created and never started is given the same time, and is not said to have been started', () => {
  const created = { status: 'created', startedAt: null, createdAt: NOW - 5 * SECOND_MS } as const;
  const answer = ask(instance(created));
  assert.equal(answer.verdict, 'delay');
  assert.match(answer.reason, /^web-1 was created by someone else 5 s ago/);
});

test('what the agent itself started a moment ago is no deployment', () => {
  const fleet = fleetOf(
    opened(NOW - 12 * SECOND_MS, 'i1', 'web'),
    mutated(NOW - 11 * SECOND_MS, 'i1', 'web'),
    done(NOW - 9 * SECOND_MS, 'i1', 'web'),
  );
  const instances = [instance({ startedAt: NOW - 10 * SECOND_MS })];
  assert.equal(graceGuard(request({ instances, fleet })).verdict, 'allow');
});

test('what began while a call was under way that nobody saw answered may be anybody’s, and is left alone', () => {
  const fleet = fleetOf(
    opened(NOW - 12 * SECOND_MS, 'i1', 'web'),
    mutated(NOW - 11 * SECOND_MS, 'i1', 'web'),
    confirmed(NOW - 9 * SECOND_MS, 'i1', 'web'),
    done(NOW - 9 * SECOND_MS, 'i1', 'web'),
  );
  const instances = [instance({ startedAt: NOW - 10 * SECOND_MS })];
  const answer = graceGuard(request({ instances, fleet }));
  assert.equal(answer.verdict, 'delay');
  assert.match(
    answer.reason,
    /^web-1 was started by someone else, or by a call that nobody saw answered, 10 s ago/,
  );
});

test('what somebody started after the agent’s own call was over is a deployment', () => {
  const fleet = fleetOf(
    opened(NOW - 22 * SECOND_MS, 'i1', 'web'),
    mutated(NOW - 21 * SECOND_MS, 'i1', 'web'),
    done(NOW - 20 * SECOND_MS, 'i1', 'web'),
  );
  const instances = [instance({ startedAt: NOW - 10 * SECOND_MS })];
  assert.equal(graceGuard(request({ instances, fleet })).verdict, 'delay');
});

test('a run that the restart policy began during the incident is the failure itself', () => {
  const incident = incidentOf('web', NOW - MINUTE_MS);
  const instances = [instance({ supervised: true, startedAt: NOW - 5 * SECOND_MS })];
  assert.equal(graceGuard(request({ instances, incident })).verdict, 'allow');
  const before = [instance({ supervised: true, startedAt: NOW - 5 * SECOND_MS })];
  const young = incidentOf('web', NOW - SECOND_MS);
  assert.equal(graceGuard(request({ instances: before, incident: young })).verdict, 'delay');
});

test('the start period of a health check is left to it in full', () => {
  const startedAt = NOW - 40 * SECOND_MS;
  const starting = { health: 'starting', startedAt, startPeriodMs: 90 * SECOND_MS } as const;
  const answer = ask(instance(starting));
  assert.equal(answer.verdict === 'delay' && answer.until, startedAt + 90 * SECOND_MS);
  assert.match(answer.reason, /start period of its health check; it is left alone until 12:00:50Z/);
  assert.equal(ask(instance({ ...starting, startPeriodMs: 40 * SECOND_MS })).verdict, 'allow');
});

test('of several instances the youngest decides', () => {
  const answer = ask(
    instance({ startedAt: NOW - 25 * SECOND_MS }),
    instance({ name: 'web-2', startedAt: NOW - SECOND_MS }),
  );
  assert.match(answer.reason, /^web-2/);
});
