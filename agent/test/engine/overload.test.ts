import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened } from '../fakes/drafts.ts';
import { MemoryJournal } from '../fakes/memoryJournal.ts';
import { alert, settings, target } from './given.ts';
import { Harness } from './harness.ts';

const OPEN_MAX = 10_000;
const MINUTE_MS = 60_000;

test('an agent that is full refuses what it cannot keep, and takes signals again when there is room', async () => {
  const harness = await Harness.started();
  const storm = Array.from({ length: OPEN_MAX }, (_, n) => alert(`unheard-of-${n}`));
  harness.refuseDelivery = true;
  await harness.fire(...storm);
  assert.equal(harness.engine.openIncidents().length, OPEN_MAX);
  await assert.rejects(harness.fire(alert('web')), { code: 'OVERLOADED' });
  assert.equal(harness.engine.openIncidents().length, OPEN_MAX);
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  harness.refuseDelivery = false;
  await harness.settled(harness.engine.command(id, 'close', 'ann', 'noise'));
  await harness.pass(10_000);
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['closed-by-person', 'recovered']);
});

test('an agent that is more than full, since a person or the fleet had an incident of its own, starts again', async () => {
  const first = await Harness.started();
  await first.fire(...Array.from({ length: OPEN_MAX }, (_, n) => alert(`unheard-of-${n}`)));
  first.kill();
  await new MemoryJournal(first.content).append([opened('one-more')], []);
  const second = await Harness.restarted(first);
  assert.equal(second.said('resumed').length, OPEN_MAX + 1);
});

test('a message that there is no room for is refused whole', async () => {
  const harness = await Harness.started();
  const storm = Array.from({ length: OPEN_MAX + 1 }, (_, n) => alert(`unheard-of-${n}`));
  await assert.rejects(harness.fire(...storm), { code: 'OVERLOADED' });
  assert.deepEqual(harness.said('incident-opened'), []);
});

test('more targets than may act at once are all healed, one after the other, within the blast radius', async () => {
  const names = Array.from({ length: 30 }, (_, n) => `t${n}`);
  const harness = new Harness(settings({ targets: names.map((name) => target(name)) }));
  for (const name of names) harness.runtime.run(name);
  await harness.start();
  let [under, most] = [0, 0];
  harness.runtime.onAct = async () => {
    under += 1;
    most = Math.max(most, under);
    await harness.clock.sleep(1_000);
    under -= 1;
  };
  for (const name of names.slice(0, 12)) harness.runtime.die(`${name}-1`);
  await harness.fire(...names.slice(0, 12).map((name) => alert(name)));
  await harness.pass(40 * MINUTE_MS);
  assert.ok(most <= 3, `${most} at once`);
  assert.equal(harness.acts().length, 12);
  assert.deepEqual(new Set(harness.outcomes()), new Set(['recovered']));
  const calls = harness.runtime.calls.map(({ at }) => at);
  for (const end of calls)
    assert.ok(calls.filter((at) => at > end - 10 * MINUTE_MS && at <= end).length <= 6);
});
