import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

function ofWeb(harness: Harness): readonly string[] {
  return harness.content.entries.flatMap((entry) => (entry.target === 'web' ? [entry.body.type] : []));
}

test('a wait writes down what is seen and what the guards say once, and again when it changes', async () => {
  const targets = [target('db'), target('web', { dependsOn: ['db'] })];
  const calls = strategy([step('escalate_to_human')], { name: 'db', targets: ['db'] });
  const harness = new Harness(settings({ targets, strategies: [calls, strategy([step('restart')])] }));
  for (const name of ['db', 'web']) harness.runtime.run(name);
  await harness.start();
  for (const name of ['db', 'web']) harness.runtime.die(`${name}-1`);
  await harness.fire(alert('db'), alert('web'));
  await harness.pass(10 * MINUTE_MS);
  const count = (type: string) => ofWeb(harness).filter((each) => each === type).length;
  assert.deepEqual([count('observed'), count('guards-answered')], [1, 1]);
  assert.ok(count('look-started') > 30, 'it is looked at all the same');

  harness.runtime.die('web-1', 3);
  await harness.pass(MINUTE_MS);
  assert.deepEqual([count('observed'), count('guards-answered')], [2, 2]);

  harness.runtime.run('db');
  harness.symptom = 'gone';
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  const types = ofWeb(harness);
  const acted = types.indexOf('mutation-started');
  assert.deepEqual(types.slice(acted - 3, acted), ['look-started', 'observed', 'guards-answered']);
});

test('a target that cannot be seen for long is written down as that once', async () => {
  const harness = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  harness.runtime.trouble = 'unreachable';
  await harness.fire(alert('web'));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('observed').length, 1);
  assert.ok(harness.said('step-held').length > 30);
});
