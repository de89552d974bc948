import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_INCIDENT } from '../../src/core/settings.ts';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

test('an escalated target that is well at two looks and unwell between them is not called well', async () => {
  const harness = await Harness.started(
    settings({
      strategies: [strategy([step('escalate_to_human')])],
      incident: { ...DEFAULT_INCIDENT, escalatedIntervalMs: 30_000 },
    }),
  );
  const instance = harness.runtime.run('web');
  instance.health = 'unhealthy';
  await harness.fire(alert('web'));
  await harness.pass(10_000);
  for (let turn = 0; turn < 20; turn += 1) {
    instance.health = instance.health === 'unhealthy' ? 'healthy' : 'unhealthy';
    await harness.pass(7_500);
  }
  assert.deepEqual(harness.outcomes(), []);

  instance.health = 'healthy';
  await harness.pass(60_000);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});
