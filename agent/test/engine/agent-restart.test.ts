import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test('a restart of the agent gives no new budget', async () => {
  let harness = await Harness.started();
  for (let round = 0; round < 3; round += 1) {
    harness.runtime.die('web-1');
    await harness.fire(alert('web', { startsAt: harness.clock.now() }));
    await harness.pass(60_000);
    harness = await Harness.restarted(harness);
  }
  assert.equal(harness.acts().length, 3);
  harness.runtime.die('web-1');
  await harness.fire(alert('web', { startsAt: harness.clock.now() }));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.acts().length, 3);
  assert.ok(harness.escalations().includes('guard-refused'));
});

test('an agent that was away while the proof ran looks again before it says that the proof failed', async () => {
  const first = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  first.runtime.die('web-1');
  await first.fire(alert('web'));
  await first.pass(3_000);
  assert.equal(first.acts().length, 1);
  first.kill();
  await first.pass(10 * MINUTE_MS);

  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.deepEqual(second.outcomes(), ['recovered']);
  assert.deepEqual(second.delivered, []);
});

test('an agent that was away while evidence was gathered gathers it before it acts', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  first.runtime.slowMs = 500;
  await first.fire(alert('web'));
  first.kill();
  await first.pass(MINUTE_MS);
  first.runtime.slowMs = 0;

  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.ok(second.said('evidence-gathered').some(({ items }) => items.length > 0));
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('an agent that was away while it looked whether all is well looks again', async () => {
  const stop = strategy([step('restart'), step('check_health', {}, { onFailure: 'stop' })]);
  const first = await Harness.started(settings({ strategies: [stop] }));
  first.runtime.die('web-1');
  first.runtime.onAct = async () => {
    first.runtime.run('web').health = 'starting';
  };
  await first.fire(alert('web'));
  await first.until('step-started');
  first.kill();
  await first.pass(5 * MINUTE_MS);
  first.runtime.run('web').health = 'healthy';

  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.deepEqual(second.escalations(), []);
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('a soak does not count the time in which no agent watched', async () => {
  const first = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  first.runtime.die('web-1');
  await first.fire(alert('web'));
  await first.pass(8_000);
  const second = await Harness.restarted(first);
  await second.pass(9_000);
  assert.deepEqual(second.outcomes(), []);
  await second.pass(3_000);
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('an escalated incident closes although the agent was restarted while its target was seen well', async () => {
  const first = await Harness.started();
  first.runtime.run('web').recovers = false;
  first.runtime.die('web-1');
  await first.fire(alert('web'));
  await first.pass(5 * MINUTE_MS);
  assert.equal(first.delivered.length, 1);
  first.runtime.run('web');
  await first.until('observed');
  await first.pass(11_000);
  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.equal(second.outcomes().length, 1);
});

test('an alert that an incident of hours ago heard starts a new one after the agent was restarted', async () => {
  const first = await Harness.started();
  const web = first.runtime.run('web');
  web.recovers = false;
  first.runtime.die('web-1');
  await first.fire(alert('web'));
  await first.pass(5 * HOUR_MS);
  assert.equal(first.delivered.length, 1);
  await first.fire(alert('web', { fingerprint: 'fp-second', startsAt: first.clock.now() }));
  web.recovers = true;
  await first.runtime.restart(web);
  await first.fire(
    alert('web', { status: 'resolved', endsAt: first.clock.now() }),
    alert('web', { fingerprint: 'fp-second', status: 'resolved', endsAt: first.clock.now() }),
  );
  await first.pass(MINUTE_MS);
  assert.equal(first.outcomes().length, 1);

  const second = await Harness.restarted(first);
  second.runtime.die('web-1');
  await second.pass(10 * MINUTE_MS);
  await second.fire(alert('web', { fingerprint: 'fp-second', startsAt: second.clock.now() }));
  await second.pass(5 * MINUTE_MS);
  assert.equal(second.said('incident-opened').length, 2);
  assert.equal(second.outcomes().length, 2);
});

test('every incident goes on after a restart of the agent, wherever it was cut off', async () => {
  for (const afterMs of [0, 100, 250, 400, 700, 1_100, 1_300, 2_000, 3_000, 5_000, 9_000, 12_000]) {
    const first = await Harness.started();
    first.runtime.die('web-1');
    first.runtime.slowMs = 200;
    await first.fire(alert('web'));
    await first.pass(afterMs);
    const second = await Harness.restarted(first);
    await second.pass(5 * MINUTE_MS);
    assert.deepEqual(second.outcomes(), ['recovered'], `cut off after ${afterMs} ms`);
    assert.equal(second.acts().length, 1, `cut off after ${afterMs} ms`);
  }
});

test('what a person set long ago is still in force after a restart of the agent', async () => {
  const first = await Harness.started(settings({ targets: [target('web'), target('db')] }));
  first.runtime.run('db');
  await first.settled(first.engine.control({ kind: 'mode', target: 'web', mode: 'off' }, 'ann', 'migration'));
  await first.pass(5 * HOUR_MS);
  const second = await Harness.restarted(first);
  second.runtime.die('web-1');
  await second.fire(alert('web', { startsAt: second.clock.now() }));
  await second.pass(10 * MINUTE_MS);
  assert.deepEqual(second.acts(), []);
});

test('a container that a person stopped long ago stays stopped after a restart of the agent', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1', 0);
  const [web] = await first.runtime.instances(target('web'));
  assert.ok(web !== undefined);
  await first.settled(
    first.engine.hearRuntime({
      target: 'web',
      instance: 'web-1',
      instanceId: web.id,
      what: 'stopped',
      happenedAt: first.clock.now(),
      reason: 'docker stop',
    }),
  );
  await first.pass(5 * HOUR_MS);
  const second = await Harness.restarted(first);
  await second.fire(alert('web', { startsAt: second.clock.now() }));
  await second.pass(10 * MINUTE_MS);
  assert.deepEqual(second.acts(), []);
});
