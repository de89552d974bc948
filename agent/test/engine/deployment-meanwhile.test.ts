import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

const restartOnly = settings({ strategies: [strategy([step('restart'), step('escalate_to_human')])] });

test('a supervised container that is deployed anew during the incident gets its grace', async () => {
  const harness = await Harness.started(restartOnly);
  const instance = harness.runtime.run('web');
  instance.supervised = true;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(10_000);

  const deployedAt = harness.clock.now();
  Object.assign(instance, {
    id: 'new'.padEnd(64, '0'),
    status: 'running',
    health: 'unhealthy',
    createdAt: deployedAt,
    startedAt: deployedAt,
    exitCode: null,
  });
  await harness.pass(28_000);
  assert.deepEqual(harness.runtime.calls, []);
  await harness.pass(10_000);
  assert.equal(harness.runtime.calls.length, 1);
});

test('where the runtime is too slow to be seen right before the call, the call is not made late', async () => {
  const harness = await Harness.started(restartOnly);
  harness.runtime.die('web-1');
  const instances = harness.runtime.instances.bind(harness.runtime);
  harness.runtime.instances = async (target) => {
    const decided = harness.said('mutation-started').length > 0;
    if (decided && harness.runtime.calls.length === 0) await harness.clock.sleep(20_000);
    return instances(target);
  };
  await harness.fire(alert('web'));
  await harness.pass(60_000);
  assert.deepEqual(harness.runtime.calls, []);
});

test('what is deployed while a call of the agent is not answered gets its grace', async () => {
  const harness = await Harness.started(restartOnly);
  harness.symptom = 'present';
  const both = [harness.runtime.run('web'), harness.runtime.run('web', 'web-2')];
  harness.runtime.trouble = 'never-applied';
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  assert.equal(harness.runtime.calls.length, 1);

  harness.runtime.trouble = 'none';
  const deployedAt = harness.clock.now();
  for (const instance of both) {
    const id = `new-${instance.name}`.padEnd(64, '0');
    Object.assign(instance, { id, createdAt: deployedAt, startedAt: deployedAt });
  }
  await harness.pass(28_000);
  assert.equal(harness.runtime.calls.length, 1);
});
