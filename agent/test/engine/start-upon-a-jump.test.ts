import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert } from './given.ts';
import { Harness } from './harness.ts';

test('what was under way is looked at before anything is done, also where the clock jumps while the agent starts', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  first.runtime.onAct = async () => first.journal.refuse('the process is dead');
  await first.fire(alert('web'));
  await first.pass(500);
  assert.deepEqual(first.acts(), ['restart web-1']);
  first.runtime.onAct = async () => undefined;

  // The jump is written down for every open incident, before any of them knows that the agent was away.
  const second = new Harness(first.settings, first);
  second.clock.jump(-5_000);
  await second.start();
  await second.pass(120_000);
  assert.deepEqual(second.acts(), ['restart web-1']);
  assert.deepEqual(second.outcomes(), ['recovered']);
});
