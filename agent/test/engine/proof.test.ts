import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_VERIFICATION } from '../../src/core/settings.ts';
import { alert, START_AT, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const restartOnly = () => settings({ strategies: [strategy([step('restart')])] });
const resolved = (harness: Harness) => alert('web', { status: 'resolved', endsAt: harness.clock.now() });

test('a resolved that never comes is not waited for where a source says that the symptom is gone', async () => {
  const harness = await Harness.started(restartOnly());
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a resolved that never comes, with nobody to ask, ends with a person by the agent’s own deadline', async () => {
  const harness = await Harness.started(restartOnly());
  harness.symptom = 'unknown';
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});

test('resolved while the target is still sick proves nothing', async () => {
  const harness = await Harness.started(restartOnly());
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.fire(resolved(harness));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});

test('resolved and well is proof where nobody can be asked', async () => {
  const harness = await Harness.started(restartOnly());
  harness.symptom = 'unknown';
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(1_000);
  await harness.fire(resolved(harness));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('the soak begins anew when the container was restarted by someone meanwhile', async () => {
  const harness = await Harness.started(restartOnly());
  const web = harness.runtime.run('web');
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(9_500);
  web.startedAt = harness.clock.now();
  await harness.pass(9_000);
  assert.deepEqual(harness.outcomes(), []);
  await harness.pass(3_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a moment of ill health in the soak begins it anew', async () => {
  const harness = await Harness.started(restartOnly());
  const web = harness.runtime.run('web');
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(8_500);
  web.health = 'unhealthy';
  await harness.pass(1_000);
  web.health = 'healthy';
  await harness.pass(9_000);
  assert.deepEqual(harness.outcomes(), []);
  await harness.pass(3_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a probe that fails is no health, whatever the container says', async () => {
  const probe = { kind: 'tcp', name: 'port', host: 'web', port: 80, timeoutMs: 1_000 } as const;
  const harness = await Harness.started({ ...restartOnly(), targets: [target('web', { probes: [probe] })] });
  harness.probes = [{ name: 'port', ok: false, reason: 'connection refused', durationMs: 1 }];
  await harness.fire(alert('web'));
  await harness.pass(4 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});

test('where the configuration wants health alone, a symptom that stays is not asked for', async () => {
  const verification = { ...DEFAULT_VERIFICATION, symptom: 'none' as const };
  const harness = await Harness.started({ ...restartOnly(), targets: [target('web', { verification })] });
  harness.symptom = 'present';
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('an alert that joins while the proof runs is part of what must be over', async () => {
  const harness = await Harness.started(restartOnly());
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  harness.symptom = 'unknown';
  await harness.fire(alert('web', { fingerprint: 'late', labels: { alertname: 'Slow', service: 'web' } }));
  await harness.pass(20_000);
  assert.deepEqual(harness.outcomes(), []);
  harness.symptom = 'gone';
  await harness.pass(20_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('an alert that joins an escalated incident is asked for too, so that it can close', async () => {
  const harness = await Harness.started(restartOnly());
  const web = harness.runtime.run('web');
  web.recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  await harness.fire(alert('web', { fingerprint: 'late', startsAt: harness.clock.now() }));
  web.recovers = true;
  await harness.runtime.restart(web);
  await harness.pass(MINUTE_MS);
  assert.equal(harness.outcomes().length, 1);
});

test('an old alert about a target that is well is suppressed, and nobody is called', async () => {
  const harness = await Harness.started(restartOnly());
  harness.symptom = 'unknown';
  await harness.fire(alert('web', { startsAt: START_AT - 60 * MINUTE_MS }));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['suppressed']);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), []);
});

test('an old alert about a target that is sick is acted on', async () => {
  const harness = await Harness.started(restartOnly());
  harness.runtime.die('web-1');
  await harness.fire(alert('web', { startsAt: START_AT - 60 * MINUTE_MS }));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a late copy beside an alert that is resolved keeps a target that is well from nobody’s sleep', async () => {
  const harness = await Harness.started(restartOnly());
  harness.symptom = 'unknown';
  await harness.fire(alert('web', { startsAt: START_AT - 60 * MINUTE_MS, fingerprint: 'old' }));
  await harness.fire(alert('web'));
  await harness.fire(resolved(harness));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['suppressed']);
  assert.deepEqual(harness.escalations(), []);
});

test('a late resend after the recovery restarts nothing', async () => {
  const harness = await Harness.started(restartOnly());
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  harness.symptom = 'unknown';
  for (let resend = 0; resend < 5; resend += 1) {
    await harness.fire(alert('web'));
    await harness.pass(5 * MINUTE_MS);
  }
  assert.equal(harness.acts().length, 1);
  assert.deepEqual(harness.escalations(), []);
});

test('a target that looked well and falls ill during the soak is acted on at once, not after the soak’s time is over', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('web'));
  await harness.pass(3_000);
  assert.deepEqual(harness.runtime.calls, []);
  harness.runtime.die('web-1');
  await harness.pass(5_000);
  assert.equal(harness.runtime.calls.length, 1);
  await harness.pass(60_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('what was repaired in vain, and got well hours later by another hand, is no recovery', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual([harness.acts(), harness.escalations()], [['restart web-1'], ['strategy-says-so']]);
  await harness.pass(3 * 60 * MINUTE_MS);
  harness.runtime.run('web');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});

test('what was repaired in vain, and is well when a person asks for another recovery, is no recovery', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  harness.runtime.run('web');
  await harness.settled(harness.engine.recover('web', 'ann', 'the image is mended'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual([harness.acts(), harness.outcomes()], [['restart web-1'], ['self-resolved']]);
});
