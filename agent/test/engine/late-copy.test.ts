import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

/** A target that died, whose alert no source can ask about; the strategy takes these actions. */
async function died(...actions: readonly string[]): Promise<Harness> {
  const harness = await Harness.started(
    settings({ strategies: [strategy(actions.map((action) => step(action)))] }),
  );
  harness.symptom = 'unknown';
  harness.runtime.die('web-1');
  return harness;
}

test('a firing that comes after its own resolution is a late copy: it keeps nobody from being well', async () => {
  const harness = await died('restart', 'restart');
  const startsAt = harness.clock.now();
  await harness.fire(alert('web', { startsAt }));
  await harness.pass(3_000);
  await harness.fire(alert('web', { startsAt, status: 'resolved', endsAt: harness.clock.now() }));
  await harness.pass(1_000);
  await harness.fire(alert('web', { startsAt }));
  await harness.pass(300_000);
  assert.equal(harness.runtime.calls.length, 1);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('an alert that begins again after its resolution is heard', async () => {
  const harness = await died('restart', 'escalate_to_human');
  await harness.fire(alert('web', { startsAt: harness.clock.now() }));
  await harness.pass(3_000);
  await harness.fire(alert('web', { status: 'resolved', endsAt: harness.clock.now() }));
  await harness.pass(1_000);
  await harness.fire(alert('web', { startsAt: harness.clock.now() }));
  await harness.pass(300_000);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});

test('a second resolution with a later end makes what began before it a late copy, too', async () => {
  const harness = await died('restart', 'restart');
  const startsAt = harness.clock.now();
  await harness.fire(alert('web', { startsAt }));
  await harness.pass(1_000);
  await harness.fire(alert('web', { startsAt, status: 'resolved', endsAt: startsAt }));
  await harness.pass(1_000);
  await harness.fire(alert('web', { startsAt, status: 'resolved', endsAt: startsAt + 2_000 }));
  await harness.fire(alert('web', { startsAt: startsAt + 1_000 }));
  await harness.pass(300_000);
  assert.equal(harness.runtime.calls.length, 1);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a resolution that comes late and ends an earlier firing does not end this one', async () => {
  const harness = await died('restart', 'escalate_to_human');
  const startsAt = harness.clock.now();
  await harness.fire(alert('web', { startsAt }));
  await harness.fire(
    alert('web', { startsAt: startsAt - 60_000, status: 'resolved', endsAt: startsAt - 30_000 }),
  );
  await harness.pass(300_000);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});

test('an alert that was old when it was heard, and that a source finds to hold, is a person’s where nothing mends it', async () => {
  const harness = await Harness.started(settings({ strategies: [strategy([step('check_health')])] }));
  harness.symptom = 'present';
  await harness.fire(alert('web', { startsAt: harness.clock.now() - 3_600_000 }));
  await harness.pass(300_000);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});
