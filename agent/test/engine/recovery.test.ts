import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, START_AT, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

test('a dead container is restarted once, proved well, and the incident ends as recovered', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(60_000);

  assert.deepEqual(
    harness.runtime.calls.map(({ what }) => what),
    ['restart'],
  );
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.deepEqual(harness.delivered, []);
});

test('the mutating step is journaled before its call is made', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  let journaled = false;
  harness.runtime.onAct = async () => {
    journaled = harness.said('mutation-started').length === 1;
  };
  await harness.fire(alert('web'));
  await harness.pass(1_000);
  assert.ok(journaled);
});

test('evidence is in the journal before anything is touched', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(1_000);
  const order = harness.bodies().map(({ type }) => type);
  assert.ok(order.indexOf('evidence-gathered') >= 0);
  assert.ok(order.indexOf('evidence-gathered') < order.indexOf('mutation-started'));
});

test('a target that got well by itself is not touched', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('web'));
  await harness.pass(60_000);
  assert.deepEqual(harness.runtime.calls, []);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});

test('a resolved alert never restarts anything', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await harness.fire(alert('web', { status: 'resolved', endsAt: START_AT }));
  await harness.pass(600_000);
  assert.deepEqual(harness.runtime.calls, []);
});

test('the same alert a thousand times, and from an HA twin, restarts once', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await harness.fire(...Array.from({ length: 500 }, () => alert('web')));
  await harness.fire(
    ...Array.from({ length: 500 }, (_, index) => alert('web', { startsAt: START_AT - index })),
  );
  await harness.pass(60_000);
  assert.equal(harness.runtime.calls.length, 1);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a second episode of the same alert is healed again', async () => {
  const harness = await Harness.started();
  for (const round of [1, 2]) {
    harness.runtime.die('web-1');
    await harness.fire(alert('web', { startsAt: harness.clock.now() }));
    await harness.pass(120_000);
    assert.equal(harness.runtime.calls.length, round);
  }
  assert.deepEqual(harness.outcomes(), ['recovered', 'recovered']);
});

test('a target that stays sick goes to a person, with all that was tried', async () => {
  const harness = await Harness.started();
  harness.symptom = 'present';
  const instance = harness.runtime.run('web');
  instance.recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(300_000);
  assert.equal(harness.delivered.length, 1);
  assert.ok(harness.delivered[0]?.attempts.some(({ action }) => action === 'restart'));
});

test('an escalated incident closes when the target is seen well, and the channel is told', async () => {
  const harness = await Harness.started();
  const instance = harness.runtime.run('web');
  instance.recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(300_000);
  assert.equal(harness.delivered.length, 1);
  instance.recovers = true;
  await harness.runtime.restart(instance);
  await harness.pass(60_000);
  assert.equal(harness.withdrawn.length, 1);
  assert.equal(harness.engine.openIncidents().length, 0);
});

test('an alert about the agent itself touches nothing and calls a person once per episode', async () => {
  const harness = await Harness.started(
    settings({ targets: [target('web'), target('market-programmer-agent')] }),
  );
  harness.runtime.run('market-programmer-agent');
  for (let time = 0; time < 5; time += 1) await harness.fire(alert('market-programmer-agent'));
  await harness.pass(600_000);
  assert.deepEqual(harness.runtime.calls, []);
  assert.equal(harness.delivered.length, 1);
  assert.deepEqual(
    harness.said('protective-action').map(({ layer }) => layer),
    ['intake'],
  );
});

test('an alert without a known target is never a guess: a person is called', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('unheard-of'));
  await harness.pass(10_000);
  assert.deepEqual(
    harness.said('escalated').map(({ code }) => code),
    ['no-target'],
  );
});

test('an agent that was killed after the call and before its record does not restart twice', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  first.runtime.onAct = async () => {
    first.journal.refuse('the process is dead');
  };
  await first.fire(alert('web'));
  await first.pass(500);
  assert.equal(first.runtime.calls.length, 1);
  first.runtime.onAct = async () => undefined;

  const second = new Harness(first.settings, first);
  await second.start();
  await second.pass(120_000);
  assert.equal(second.runtime.calls.length, 1);
  assert.deepEqual(
    second.said('mutation-confirmed').map(({ verdict }) => verdict),
    ['happened'],
  );
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('several instances are recovered one at a time', async () => {
  const harness = new Harness(settings({ strategies: [strategy([step('restart')])] }));
  for (const name of ['web-1', 'web-2', 'web-3']) harness.runtime.run('web', name).health = 'unhealthy';
  await harness.start();
  let under = 0;
  harness.runtime.onAct = async () => {
    under += 1;
    assert.equal(under, 1);
    await harness.clock.sleep(500);
    under -= 1;
  };
  await harness.fire(alert('web'));
  await harness.pass(120_000);
  assert.deepEqual(
    harness.runtime.calls.map(({ instance }) => instance),
    ['web-1', 'web-2', 'web-3'],
  );
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('stats that take a second hold up nothing, and are kept all the same', async () => {
  const harness = await Harness.started();
  harness.runtime.statsMs = 1_000;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(100);
  assert.equal(harness.runtime.calls.length, 1);
  await harness.pass(2_000);
  const kinds = harness.said('evidence-gathered').flatMap(({ items }) => items.map(({ kind }) => kind));
  assert.deepEqual(kinds.toSorted(), ['inspect', 'logs', 'stats']);
});
