import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const waiting = settings({ strategies: [strategy([step('wait', { for: '30s' }), step('restart')])] });

test('an incident keeps the steps that were planned for it, and the next one gets the new ones', async () => {
  const harness = await Harness.started(waiting);
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  await harness.reload(settings({ version: 'next', strategies: [strategy([step('escalate_to_human')])] }));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  harness.runtime.die('web-1');
  await harness.fire(alert('web', { startsAt: harness.clock.now() }));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.escalations(), ['strategy-says-so']);
  assert.equal(harness.content.entries.at(-1)?.settings, 'next');
});

test('a target that becomes protected in the middle of its incident is not touched any more', async () => {
  const harness = await Harness.started(waiting);
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  await harness.reload({ ...waiting, protectedNames: ['web'] });
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['protected-target']);
  assert.deepEqual(
    harness.said('protective-action').map(({ layer }) => layer),
    ['execution'],
  );
});

test('a target that is taken out of the configuration in the middle of its incident goes to a person', async () => {
  const harness = await Harness.started(waiting);
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  await harness.reload({ ...waiting, targets: [target('db')] });
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.delivered.length, 1);
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'close', 'ann', 'retired'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.engine.openIncidents(), []);
});

test('a mode that becomes stricter in the middle of an incident holds from then on', async () => {
  const harness = await Harness.started(waiting);
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  await harness.reload({ ...waiting, mode: 'observe' });
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
});

test('the proof goes by the configuration that is in force while it runs', async () => {
  const harness = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(3_000);
  const probe = { kind: 'tcp', name: 'port', host: 'web', port: 80, timeoutMs: 1_000 } as const;
  harness.probes = [{ name: 'port', ok: false, reason: 'connection refused', durationMs: 1 }];
  await harness.reload({ ...harness.settings, targets: [target('web', { probes: [probe] })] });
  await harness.pass(30_000);
  assert.deepEqual(harness.outcomes(), []);
  harness.probes = [{ name: 'port', ok: true, reason: 'open', durationMs: 1 }];
  await harness.pass(30_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('an escalated target whose probe was wrong closes when the probe is mended in the configuration', async () => {
  const probe = { kind: 'tcp', name: 'port', host: 'web', port: 80, timeoutMs: 1_000 } as const;
  const harness = await Harness.started(settings({ targets: [target('web', { probes: [probe] })] }));
  harness.probes = [{ name: 'port', ok: false, reason: 'connection refused', durationMs: 1 }];
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.equal(harness.delivered.length, 1);
  await harness.reload(settings({ targets: [target('web')] }));
  await harness.pass(MINUTE_MS);
  assert.equal(harness.outcomes().length, 1);
});

test('a recurring maintenance that a reload takes away is not waited for', async () => {
  const always = { days: [], startMinute: 0, durationMs: 1_440 * MINUTE_MS, timeZone: 'UTC', targets: [] };
  const harness = await Harness.started(settings({ maintenance: [{ ...always, reason: 'every day' }] }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  await harness.reload(settings());
  await harness.pass(1_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

test('an approval that a reload makes needless is not waited for', async () => {
  const harness = await Harness.started(settings({ mode: 'approve' }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.until('approval-asked');
  await harness.reload(settings());
  await harness.pass(1_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});
