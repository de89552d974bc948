import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, target } from './given.ts';
import { Harness } from './harness.ts';

const ROUND_MS = 16_000;

test('an alert whose container is found only later is healed then, and the person who was called is told that it goes on', async () => {
  const harness = new Harness(settings({ targets: [] }));
  harness.runtime.run('web');
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'unreachable';
  await harness.start();
  await harness.fire(alert('web'));
  await harness.pass(1_000);
  assert.deepEqual(
    harness.said('escalated').map(({ code }) => code),
    ['no-target'],
  );

  harness.runtime.trouble = 'none';
  harness.runtime.found.push(target('web', { origin: 'discovered' }));
  await harness.pass(ROUND_MS + 60_000);
  assert.equal(harness.runtime.calls.length, 1);
  assert.deepEqual(harness.outcomes(), ['superseded', 'recovered']);
  assert.equal(harness.withdrawn.length, 1);
});

test('old news stays old news when its container is found: what is well by then is not touched', async () => {
  const harness = new Harness(settings({ targets: [] }));
  harness.runtime.run('web');
  harness.runtime.trouble = 'unreachable';
  harness.symptom = 'unknown';
  await harness.start();
  const startsAt = harness.clock.now();
  await harness.pass(10_000);
  await harness.fire(alert('web', { startsAt, status: 'resolved', endsAt: startsAt + 5_000 }));
  await harness.fire(alert('web', { startsAt }));
  await harness.pass(1_000);
  harness.runtime.trouble = 'none';
  harness.runtime.found.push(target('web', { origin: 'discovered' }));
  await harness.pass(ROUND_MS + 5 * 60_000);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['superseded', 'suppressed']);
});
