import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, START_AT, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

test('two alerts for one target at once are one incident and one restart', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  const [one, other] = [
    alert('web'),
    alert('web', { fingerprint: 'fp-2', labels: { alertname: 'Errors', service: 'web' } }),
  ];
  await Promise.all([harness.fire(one), harness.fire(other)]);
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('incident-opened').length, 1);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a value in a label that makes a new fingerprint each time is still one incident', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  for (let n = 0; n < 300; n += 1) {
    await harness.fire(
      alert('web', { fingerprint: `fp-${n}`, labels: { alertname: 'Cpu', service: 'web', value: `${n}` } }),
    );
  }
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('incident-opened').length, 1);
  assert.equal(harness.acts().length, 1);
});

test('a probe, an event and an alert of the same trouble are one incident', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  const happenedAt = harness.clock.now();
  await harness.settled(
    harness.engine.hear({
      source: 'runtime',
      target: 'web',
      event: 'died',
      instance: 'web-1',
      happenedAt,
      reason: 'exit 137',
    }),
  );
  await harness.settled(
    harness.engine.hear({
      source: 'probe',
      target: 'web',
      probe: 'http',
      state: 'failing',
      reason: 'refused',
    }),
  );
  await harness.fire(alert('web'));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('incident-opened').length, 1);
  assert.equal(harness.acts().length, 1);
});

test('resolved before firing restarts nothing that is well', async () => {
  const harness = await Harness.started();
  harness.symptom = 'unknown';
  await harness.fire(alert('web', { status: 'resolved', endsAt: START_AT - 1_000 }));
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), []);
});

test('a mixed message heals what fires and leaves what is resolved', async () => {
  const harness = await Harness.started(
    settings({ targets: [target('web'), target('db')], strategies: [strategy([step('restart')])] }),
  );
  harness.runtime.run('db');
  for (const name of ['web-1', 'db-1']) harness.runtime.die(name);
  await harness.fire(alert('web', { status: 'resolved', endsAt: START_AT }), alert('db'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart db-1']);
});

test('a truncated message with nobody to ask is on record as such', async () => {
  const harness = await Harness.started();
  await harness.settled(harness.engine.hearAlerts({ receiver: 'agent', alerts: [], truncated: 3 }));
  assert.deepEqual(harness.said('alerts-truncated'), [
    { type: 'alerts-truncated', count: 3, receiver: 'agent', readBack: false },
  ]);
});

test('a container that is younger than the last census is found when its alert comes', async () => {
  const harness = await Harness.started();
  await harness.pass(5_000);
  harness.runtime.found.push(target('young', { origin: 'discovered' }));
  harness.runtime.run('young');
  harness.runtime.die('young-1');
  await harness.fire(alert('young'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart young-1']);
});
