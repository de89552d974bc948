import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServer } from './openServer.ts';

test('health, readiness and metrics want no token', async () => {
  await using server = await openServer();
  for (const url of ['/-/healthy', '/-/ready', '/health', '/metrics']) {
    assert.equal((await server.app.inject(url)).statusCode, 200, url);
  }
  assert.equal((await server.app.inject('/metrics')).body, 'up 1\n');
});

test('a loop that hangs and a journal that cannot be written are told apart', async () => {
  await using server = await openServer({
    healthy: () => ({ ok: false, reason: 'no turn for 40 s' }),
    ready: () => ({ ok: false, reason: 'disk full' }),
  });
  const healthy = await server.app.inject('/-/healthy');
  assert.deepEqual([healthy.statusCode, healthy.json().reason], [503, 'no turn for 40 s']);
  const ready = await server.app.inject('/-/ready');
  assert.deepEqual([ready.statusCode, ready.json().reason], [503, 'disk full']);
});

test('health names each dependency; one that is not required only degrades it', async () => {
  await using server = await openServer();
  server.control.depends = [{ name: 'prometheus', ok: false, required: false, reason: 'refused' }];
  const answer = await server.app.inject('/health');
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.json().status, 'degraded');
  assert.deepEqual(answer.json().dependencies.at(-1), server.control.depends[0]);
});

test('health fails with a dependency that is required', async () => {
  await using server = await openServer();
  server.control.depends = [{ name: 'docker', ok: false, required: true, reason: 'no socket' }];
  const answer = await server.app.inject('/health');
  assert.deepEqual([answer.statusCode, answer.json().status], [503, 'failing']);
});

test('an agent that cannot tell which container it is says so', async () => {
  await using server = await openServer();
  server.control.self = { kind: 'unknown', reason: 'three candidates' };
  const health = (await server.app.inject('/health')).json();
  assert.equal(health.status, 'degraded');
  assert.match(health.self, /nothing is mutated: three candidates/);
});

test('credentials in the address of a dependency are not shown', async () => {
  await using server = await openServer();
  const reason = 'GET http://user:hunter2@prometheus:9090/api failed';
  server.control.depends = [{ name: 'prometheus', ok: false, required: false, reason }];
  const answer = await server.app.inject('/health');
  assert.doesNotMatch(answer.body, /hunter2/);
  assert.match(answer.body, /http:\/\/prometheus:9090/);
});
