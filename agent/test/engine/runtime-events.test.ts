import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RuntimeError } from '../../src/errors.ts';
import type { RuntimeEvent } from '../../src/ports.ts';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
/** Longer than a start looks back for what is not in force. */
const LONG_MS = 3 * 3_600_000;

/** Tells the agent of an instance of `web`, as the engine's events do. */
function tell(harness: Harness, what: RuntimeEvent['what'], instance = 'web-1'): Promise<void> {
  const instanceId = `${instance}-id`.padEnd(64, '0');
  const happenedAt = harness.clock.now();
  const event = { target: 'web', instance, instanceId, what, happenedAt, reason: `it ${what}` } as const;
  return harness.settled(harness.engine.hearRuntime(event));
}

test('a death that the runtime tells is mended without any alert', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await tell(harness, 'died');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('one that its runtime brings back is proved well from when it is healthy, not from the end of its start period', async () => {
  const harness = await Harness.started();
  const web = harness.runtime.run('web');
  Object.assign(web, { health: 'starting', startPeriodMs: 5 * MINUTE_MS, startedAt: harness.clock.now() });
  await tell(harness, 'died');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), []);
  web.health = 'healthy';
  await tell(harness, 'healthy');
  await harness.pass(15_000);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
  assert.deepEqual(harness.acts(), []);
});

test('that one is healthy proves nothing: what waits looks for itself, and opens nothing', async () => {
  const harness = await Harness.started();
  await tell(harness, 'healthy');
  assert.equal(harness.said('incident-opened').length, 0);
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await tell(harness, 'died');
  await tell(harness, 'healthy');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), []);
});

test('the agent’s own restart is neither a death nor a person’s stop', async () => {
  const harness = await Harness.started();
  harness.runtime.onAct = async () => {
    await harness.engine.hearRuntime(ofOwnDoing(harness, 'stopped'));
    await harness.engine.hearRuntime(ofOwnDoing(harness, 'died'));
    await harness.engine.hearRuntime(ofOwnDoing(harness, 'started'));
  };
  harness.runtime.run('web').health = 'unhealthy';
  await tell(harness, 'unhealthy');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.equal(harness.said('instance-stopped').length, 0);
  assert.equal(harness.said('signal-heard').length, 1);
});

test('what a person stops once the agent’s own restart has started it stays stopped', async () => {
  const harness = await Harness.started();
  harness.runtime.onAct = async () => {
    await harness.engine.hearRuntime(ofOwnDoing(harness, 'stopped'));
    await harness.engine.hearRuntime(ofOwnDoing(harness, 'started'));
  };
  harness.runtime.run('web').health = 'unhealthy';
  await tell(harness, 'unhealthy');
  assert.deepEqual(harness.acts(), ['restart web-1']);
  // So soon after the call that by the time alone it could be a part of it.
  await harness.clock.advance(100);
  harness.runtime.die('web-1');
  await tell(harness, 'stopped');
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(harness.said('instance-stopped').length, 1);
});

function ofOwnDoing(harness: Harness, what: RuntimeEvent['what']): RuntimeEvent {
  const instanceId = 'web-1-id'.padEnd(64, '0');
  return {
    target: 'web',
    instance: 'web-1',
    instanceId,
    what,
    happenedAt: harness.clock.now(),
    reason: what,
  };
}

test('what a person stopped stays so, also for an agent that starts long after', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  await tell(first, 'stopped');
  await first.pass(LONG_MS);
  const second = await Harness.restarted(first);
  await tell(second, 'died');
  assert.deepEqual(second.outcomes(), [], 'a death of what is stopped is no news');
  await second.settled(second.engine.recover('web', 'ann', 'try it'));
  await second.pass(MINUTE_MS);
  assert.deepEqual([second.acts(), second.outcomes()], [[], ['suppressed']]);
});

test('what a person stopped while the answer that it runs was on its way stays stopped', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').health = 'unhealthy';
  harness.runtime.lateMs = 3_000;
  await harness.fire(alert('web'));
  await harness.until('look-started');
  await harness.pass(1_000);
  harness.runtime.die('web-1');
  await tell(harness, 'stopped');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['suppressed']);
});

test('nobody is called to what a person stopped while its repair was being proved', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await tell(harness, 'died');
  await harness.until('verification-started');
  await harness.pass(3_000);
  harness.runtime.die('web-1');
  await tell(harness, 'stopped');
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['suppressed']);
  assert.deepEqual([harness.acts(), harness.delivered.length], [['restart web-1'], 0]);
});

test('what fails beside an instance that a person stopped is still proved, and a person is called', async () => {
  const harness = await Harness.started();
  const other = harness.runtime.run('web', 'web-2');
  other.recovers = false;
  harness.runtime.die('web-2');
  await tell(harness, 'died', 'web-2');
  await harness.until('verification-started');
  harness.runtime.die('web-1');
  await tell(harness, 'stopped', 'web-1');
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), []);
  assert.equal(harness.delivered.length, 1);
});

test('what was down before the agent’s own call was stopped by somebody else, also where its word comes after the call', async () => {
  const steps = [step('restart'), step('wait', { for: '20s' }), step('restart')];
  const harness = await Harness.started(settings({ strategies: [strategy(steps)] }));
  harness.runtime.die('web-1');
  harness.runtime.onAct = async () => {
    void harness.engine.hearRuntime({
      target: 'web',
      instance: 'web-1',
      instanceId: 'web-1-id'.padEnd(64, '0'),
      what: 'stopped',
      happenedAt: harness.clock.now() - 20,
      reason: 'by hand',
    });
    throw new RuntimeError('RUNTIME_FAILED', 'server error 500', 'no');
  };
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['suppressed']);
});

test('the other instances of a target are mended although a person stopped one of them', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web', 'web-2');
  await tell(harness, 'stopped', 'web-1');
  harness.runtime.die('web-2');
  await tell(harness, 'died', 'web-2');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-2']);
});

test('the successor of a removed container is nobody’s to hold', async () => {
  const harness = await Harness.started();
  await tell(harness, 'stopped');
  await tell(harness, 'removed');
  assert.equal(harness.said('instance-removed').length, 1);
  harness.runtime.remove('web-1');
  harness.runtime.run('web', 'web-1b');
  harness.runtime.die('web-1b');
  await tell(harness, 'died', 'web-1b');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('what nobody held is journaled neither when it starts nor when it goes', async () => {
  const harness = await Harness.started();
  await tell(harness, 'started');
  await tell(harness, 'removed');
  assert.deepEqual(
    harness.bodies().map(({ type }) => type),
    ['agent-started'],
  );
});

test('there can be a thousand maintenances at once and not more; one that ended makes room', async () => {
  const harness = await Harness.started();
  const start = (id: number, ms = MINUTE_MS) => {
    const control = {
      kind: 'maintenance-start',
      id: `m${id}`,
      target: null,
      until: harness.clock.now() + ms,
    } as const;
    return harness.settled(harness.engine.control(control, 'ann', 'disks'));
  };
  for (let id = 0; id < 1_000; id += 1) await start(id);
  await assert.rejects(start(1_000), { code: 'NOT_POSSIBLE', message: /1000 maintenances are open/ });
  await harness.settled(harness.engine.control({ kind: 'maintenance-end', id: 'm0' }, 'ann', 'done'));
  await start(1_001);
});

test('what fails within the soak begins it anew, also where the next look finds it well', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await tell(harness, 'died');
  await harness.until('verification-started');
  await harness.pass(8_000);
  await tell(harness, 'unhealthy');
  await harness.pass(8_000);
  assert.deepEqual(harness.outcomes(), [], 'a soak is 10 s');
  await harness.pass(4_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('news of before the soak leaves it alone', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await tell(harness, 'died');
  const early = ofOwnDoing(harness, 'died');
  await harness.until('verification-started');
  await harness.pass(5_000);
  const heard = harness.said('signal-heard').length;
  await harness.settled(harness.engine.hearRuntime({ ...early, happenedAt: early.happenedAt - 2_000 }));
  await harness.pass(7_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.equal(harness.said('signal-heard').length, heard);
});
