import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

test('while the journal refuses, signals are answered by an error and nothing is mutated', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.journal.refuse('disk full');
  await assert.rejects(
    harness.settled(harness.engine.hearAlerts({ receiver: 'agent', alerts: [alert('web')], truncated: 0 })),
    {
      code: 'JOURNAL_WRITE',
    },
  );
  await harness.pass(3_600_000);
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.engine.ready, false);
  assert.equal(harness.engine.dependencies().find(({ name }) => name === 'journal')?.ok, false);
});

test('after the journal is back it says how long it was away, and a signal that was refused can come again', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.journal.refuse('disk full');
  await assert.rejects(harness.fire(alert('web')), { code: 'JOURNAL_WRITE' });
  await harness.pass(60_000);
  harness.journal.refuse(null);
  await harness.pass(2_000);
  const [recovered] = harness.said('journal-recovered');
  assert.ok(recovered !== undefined && recovered.afterMs >= 60_000 && recovered.reason.includes('disk full'));
  assert.equal(harness.engine.ready, true);
  await harness.fire(alert('web'));
  await harness.pass(60_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a restart whose result cannot be written is not repeated when the journal is back', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.onAct = async () => harness.journal.refuse('disk full');
  await harness.fire(alert('web'));
  await harness.pass(1_800_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  harness.runtime.onAct = async () => undefined;
  harness.journal.refuse(null);
  await harness.pass(120_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a look from before the journal went away is no reason to act when it is back', async () => {
  const harness = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  harness.runtime.die('web-1');
  // The look itself is slow: the journal goes away while it is under way, and it sees a dead container.
  harness.runtime.slowMs = 500;
  await harness.fire(alert('web'));
  await harness.until('look-started');
  harness.journal.refuse('disk full');
  await harness.pass(10_000);
  harness.runtime.slowMs = 0;
  const web = harness.runtime.run('web');
  assert.equal(web.status, 'running');
  await harness.pass(600_000);
  harness.journal.refuse(null);
  await harness.pass(120_000);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});

test('a soak that ended while the journal was away proves nothing when it is back', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(9_000);
  harness.journal.refuse('disk full');
  await harness.pass(600_000);
  harness.runtime.die('web-1');
  harness.journal.refuse(null);
  await harness.pass(3_000);
  assert.deepEqual(harness.outcomes(), []);
});

test('an incident of a message that could not be written is not known afterwards', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.journal.refuse('disk full');
  await assert.rejects(harness.fire(alert('web')));
  assert.deepEqual(harness.engine.openIncidents(), []);
  assert.deepEqual(
    harness.engine.targets().map(({ incident }) => incident),
    [null],
  );
});

test('an agent whose journal is away ends within its time, though it was not written down whom it told', async () => {
  const harness = await Harness.started();
  harness.refuseDelivery = true;
  await harness.fire(alert('unheard-of'));
  await harness.until('notified');
  harness.journal.refuse('disk full');
  harness.refuseDelivery = false;
  while (harness.delivered.length === 0) await harness.pass(1_000);
  await harness.settled(harness.engine.stop('it was told to', 5_000));
  assert.deepEqual(
    harness.said('notified').map(({ delivered }) => delivered),
    [false],
  );
});
