// A service that answers its probe before Docker's health check has spoken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Probe, Target } from '../../src/core/target.ts';
import type { FakeInstance } from '../fakes/fakeRuntime.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const SOAK_MS = 10_000;
const PORT: Probe = { kind: 'tcp', name: 'port', host: '127.0.0.1', port: 80, timeoutMs: 1_000 };
const PASSES = { name: 'port', ok: true, reason: 'open', durationMs: 1 };

/** A target that was restarted, runs again, and whose health check has yet to speak. */
async function restarted(rest: Partial<Target> = { probes: [PORT] }): Promise<[Harness, FakeInstance]> {
  const harness = await Harness.started(
    settings({ strategies: [strategy([step('restart')])], targets: [target('web', rest)] }),
  );
  const web = harness.runtime.run('web');
  web.health = 'starting';
  harness.probes = [PASSES];
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.until('verification-started');
  return [harness, web];
}

/** Lets the health check speak, and expects the recovery only when the soak that began then is over. */
async function recoversAfterItsSoak(harness: Harness, web: FakeInstance): Promise<void> {
  web.health = 'healthy';
  await harness.pass(SOAK_MS - 1_000);
  assert.deepEqual(harness.outcomes(), []);
  await harness.pass(3_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
}

test('its soak begins when it answers, and ends when its health check has called it healthy', async () => {
  const [harness, web] = await restarted();
  await harness.pass(2 * SOAK_MS);
  assert.deepEqual(harness.outcomes(), []);
  web.health = 'healthy';
  await harness.pass(1_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('it is not called recovered before its soak is over, however soon its health check speaks', async () => {
  const [harness, web] = await restarted();
  await harness.pass(1_000);
  web.health = 'healthy';
  await harness.pass(SOAK_MS - 2_000);
  assert.deepEqual(harness.outcomes(), []);
  await harness.pass(2_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a health check that fails in the end counts, though every probe passed', async () => {
  const [harness, web] = await restarted();
  await harness.pass(SOAK_MS);
  web.health = 'unhealthy';
  await harness.pass(2_000);
  await recoversAfterItsSoak(harness, web);
});

test('one that answers for ever and is never called healthy goes to a person, who is told so', async () => {
  const [harness] = await restarted();
  await harness.pass(10 * 60_000);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
  const [proof] = harness.said('verification-ended');
  assert.match(proof?.reason ?? '', /it answers, but its health check has not called it healthy/);
});

test('another run that answers begins another soak', async () => {
  const [harness, web] = await restarted();
  await harness.pass(SOAK_MS - 2_000);
  web.startedAt = harness.clock.now();
  await harness.pass(1_000);
  web.health = 'healthy';
  await harness.pass(SOAK_MS - 2_000);
  assert.deepEqual(harness.outcomes(), []);
  await harness.pass(3_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('where nothing is probed, only its health check can say that it is well', async () => {
  const [harness, web] = await restarted({});
  await harness.pass(2 * SOAK_MS);
  await recoversAfterItsSoak(harness, web);
});

test('of several instances nobody knows which of them answered', async () => {
  const [harness, web] = await restarted();
  harness.runtime.run('web', 'web-2');
  await harness.pass(2 * SOAK_MS);
  await recoversAfterItsSoak(harness, web);
});
