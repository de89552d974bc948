import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

test('a restart that is under way is finished and recorded before the agent goes, and nothing runs after it', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  first.runtime.onAct = () => first.clock.sleep(3_000);
  await first.fire(alert('web'));
  await first.pass(100);
  await first.settled(first.engine.stop('SIGTERM', 10_000));
  assert.equal(first.said('action-ended').at(-1)?.result.outcome, 'succeeded');
  assert.equal(first.bodies().at(-1)?.type, 'agent-stopped');
  await first.pass(0);
  assert.equal(first.clock.sleeping, 0);
  const written = first.bodies().length;
  await first.pass(5 * MINUTE_MS);
  assert.equal(first.bodies().length, written);

  first.runtime.onAct = async () => undefined;
  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.deepEqual(second.acts(), ['restart web-1']);
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('a restart that takes longer than the agent may wait is looked for by the next agent, not repeated', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  first.runtime.onAct = () => first.clock.sleep(12_000);
  await first.fire(alert('web'));
  await first.pass(100);
  await first.settled(first.engine.stop('SIGTERM', 10_000));
  const second = await Harness.restarted(first);
  await second.pass(2 * MINUTE_MS);
  assert.deepEqual(second.acts(), ['restart web-1']);
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('an agent that stops takes no signals and no orders', async () => {
  const harness = await Harness.started();
  const [{ id } = { id: 'inc-1' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.stop('SIGTERM', 10_000));
  assert.equal(harness.engine.ready, false);
  await assert.rejects(harness.fire(alert('web')), { code: 'OVERLOADED' });
  await assert.rejects(harness.engine.recover('web', 'ann', ''), { code: 'OVERLOADED' });
  await assert.rejects(harness.engine.command(id, 'close', 'ann', ''), { code: 'OVERLOADED' });
});

test('a receiver that hangs while an escalation is repeated holds up neither the next repeat nor the end', async () => {
  const harness = await Harness.started();
  harness.repeatMs = MINUTE_MS;
  await harness.reload(settings());
  await harness.fire(alert('unheard-of'));
  await harness.pass(MINUTE_MS / 2);
  assert.equal(harness.delivered.length, 1);
  harness.hangDelivery = true;
  await harness.pass(2 * MINUTE_MS);
  harness.hangDelivery = false;
  await harness.pass(2 * MINUTE_MS);
  assert.ok(harness.delivered.length > 1);
  harness.hangDelivery = true;
  await harness.pass(MINUTE_MS);
  await harness.settled(harness.engine.stop('SIGTERM', 10_000));
  assert.equal(harness.bodies().at(-1)?.type, 'agent-stopped');
});

test('a step that only watches is no failure when the agent stops in the middle of it: the next agent does it again', async () => {
  const stop = strategy([
    step('restart'),
    step('check_health', {}, { timeoutMs: MINUTE_MS, onFailure: 'stop' }),
  ]);
  const first = await Harness.started(settings({ strategies: [stop] }));
  first.runtime.die('web-1');
  first.runtime.onAct = async () => {
    first.runtime.run('web').health = 'starting';
  };
  await first.fire(alert('web'));
  await first.until('step-started');
  await first.settled(first.engine.stop('SIGTERM', 2_000));
  assert.deepEqual(
    first.said('step-ended').map(({ outcome }) => outcome),
    ['succeeded'],
  );
  await first.pass(5 * MINUTE_MS);
  first.runtime.run('web').health = 'healthy';

  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.deepEqual(second.escalations(), []);
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('a look that is cut off by the end of the agent saw nothing: the agent was not blind meanwhile', async () => {
  const first = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  first.runtime.die('web-1');
  first.runtime.slowMs = 1_500;
  await first.fire(alert('web'));
  await first.until('look-started');
  first.runtime.slowMs = MINUTE_MS;
  await first.settled(first.engine.stop('SIGTERM', 2_000));
  assert.deepEqual(first.said('step-held'), []);
  first.runtime.slowMs = 0;

  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.deepEqual(second.outcomes(), ['recovered']);
});
