import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleStatus } from '../fakes/targetStatus.ts';
import { openServer } from './openServer.ts';

test('targets are shown as last seen, without what their configuration keeps secret', async () => {
  await using server = await openServer();
  server.control.statuses = [sampleStatus()];
  const answer = await server.call('GET', '/api/v1/targets');
  assert.equal(answer.statusCode, 200);
  assert.doesNotMatch(answer.body, /hunter2/);
  assert.deepEqual(answer.json().targets[0], {
    name: 'market-predictor',
    runtime: 'local',
    mode: 'auto',
    origin: 'configured',
    protected: false,
    maintenance: null,
    held: null,
    dependsOn: ['postgres'],
    probes: ['health'],
    health: { verdict: 'unwell', reason: 'connection refused' },
    observedAt: 1_000,
    latencyMs: 12.5,
    course: [{ at: 1_000, verdict: 'unwell', latencyMs: 12.5 }],
    incident: 'inc-1',
  });
});

test('targets are shown without their last looks where these are not wanted', async () => {
  await using server = await openServer();
  server.control.statuses = [sampleStatus()];
  const answer = await server.call('GET', '/api/v1/targets?course=false');
  assert.deepEqual(answer.json().targets[0].course, []);
  assert.equal((await server.call('GET', '/api/v1/targets?course=maybe')).statusCode, 400);
});

test('a person can ask for a recovery and is told the incident', async () => {
  await using server = await openServer();
  server.control.statuses = [sampleStatus('a/b')];
  const answer = await server.call('POST', '/api/v1/targets/a%2Fb/recover', { who: 'ada', reason: 'slow' });
  assert.deepEqual(answer.json(), { incident: 'inc-1' });
  assert.deepEqual(server.control.recoveries, [{ target: 'a/b', who: 'ada', reason: 'slow' }]);
});

test('a recovery of what is no target is a 404 with its code', async () => {
  await using server = await openServer();
  const answer = await server.call('POST', '/api/v1/targets/nope/recover', { who: 'ada', reason: 'slow' });
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.json().code, 'UNKNOWN_TARGET');
});
