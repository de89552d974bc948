import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, Harness, settings, target } from './harness.ts';

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
