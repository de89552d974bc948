import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceStatus } from '../../src/core/target.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

test('the runtime is absent at the start: the agent starts, hears, and heals when it is there', async () => {
  const harness = new Harness();
  harness.runtime.run('web');
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'unreachable';
  await harness.start();
  assert.equal(harness.engine.ready, true);
  assert.equal(harness.engine.dependencies().find(({ name }) => name === 'docker')?.ok, false);
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), []);
  harness.runtime.trouble = 'none';
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.equal(harness.engine.dependencies().find(({ name }) => name === 'docker')?.ok, true);
});

test('the runtime is gone for a minute in the middle of the proof: no second restart, nobody is called', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  harness.runtime.trouble = 'unreachable';
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), []);
  harness.runtime.trouble = 'none';
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.deepEqual(harness.escalations(), []);
});

test('a runtime that stays away for long is told to a person, and nothing is touched unseen', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'unreachable';
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.escalations(), ['target-not-seen']);
  assert.match(harness.delivered[0]?.reason ?? '', /cannot be seen for 5 min.*ENOENT/);
  assert.deepEqual(harness.acts(), []);
});

test('a runtime that answers 500 is waited for, and told to a person in the end', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'failing';
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['target-not-seen']);
});

test('a slow runtime is waited for: one restart, one recovery', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 4_000;
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a runtime too slow to be looked at right before the call is not called, and a person hears why', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 9_000;
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.delivered.length, 1);
  assert.ok(harness.delivered[0]?.attempts.some(({ reason }) => reason.includes('too slow')));
});

test('a runtime that is slower than every deadline is never acted on blindly', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 11_000;
  await harness.fire(alert('web'));
  await harness.pass(20 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['target-not-seen']);
});

test('one look that failed does not count as blindness for the whole incident', async () => {
  const harness = await Harness.started(settings({ mode: 'approve' }));
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'unreachable';
  await harness.fire(alert('web'));
  await harness.pass(13_000);
  harness.runtime.trouble = 'none';
  await harness.pass(8 * MINUTE_MS);
  assert.equal(harness.engine.approvals().length, 1);
  harness.runtime.trouble = 'unreachable';
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'approve', 'ann', 'go'));
  await harness.pass(5_000);
  assert.deepEqual(harness.escalations(), []);
  harness.runtime.trouble = 'none';
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

for (const status of [
  'paused',
  'restarting',
  'dead',
  'created',
  'exited',
] as const satisfies InstanceStatus[]) {
  test(`a container that is ${status} is either mended or handed to a person, once`, async () => {
    const harness = await Harness.started();
    const web = harness.runtime.run('web');
    web.status = status;
    web.exitCode = status === 'exited' ? 0 : null;
    if (status === 'created') web.startedAt = null;
    await harness.fire(alert('web'));
    await harness.pass(10 * MINUTE_MS);
    assert.ok(harness.acts().length <= 1);
    assert.equal(harness.engine.openIncidents().length + harness.outcomes().length, 1);
    const [open] = harness.engine.openIncidents();
    if (open !== undefined) assert.equal(open.phase.kind, 'escalated');
  });
}

test('a container that a person paused is left as it is', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').status = 'paused';
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['suppressed']);
});

test('a target without any container goes to a person', async () => {
  const harness = new Harness();
  await harness.start();
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.delivered.length, 1);
});

test('a restart policy is given the first chance, and what it brings back is not restarted', async () => {
  const harness = await Harness.started();
  const web = harness.runtime.run('web');
  web.supervised = true;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  web.status = 'running';
  web.startedAt = harness.clock.now();
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});

test('a restart policy that does not bring it back is not waited for any longer', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').supervised = true;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(14_900);
  assert.deepEqual(harness.acts(), []);
  await harness.pass(2_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

test('the next of several instances is left alone when the last one does not come back', async () => {
  const harness = new Harness(settings({ strategies: [strategy([step('restart')])] }));
  for (const name of ['web-1', 'web-2']) harness.runtime.run('web', name).health = 'unhealthy';
  await harness.start();
  harness.runtime.onAct = async (name) => {
    const [, instance] = [
      name,
      (await harness.runtime.instances(target('web'))).find((one) => one.name === name),
    ];
    assert.ok(instance !== undefined);
    harness.runtime.run('web', name).recovers = false;
  };
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(harness.delivered.length, 1);
});
