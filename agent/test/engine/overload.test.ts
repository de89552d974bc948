import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened } from '../fakes/drafts.ts';
import { MemoryJournal } from '../fakes/memoryJournal.ts';
import { alert, settings, target } from './given.ts';
import { Harness } from './harness.ts';

const OPEN_MAX = 10_000;
/** Of these, incidents of no target. */
const UNPLACED_MAX = 9_000;
const MINUTE_MS = 60_000;

const unheardOf = (count: number) => Array.from({ length: count }, (_, n) => alert(`unheard-of-${n}`));

test('alerts that nobody can place are refused when there are too many, and leave room for what can be healed', async () => {
  const harness = await Harness.started();
  harness.refuseDelivery = true;
  await harness.fire(...unheardOf(UNPLACED_MAX));
  assert.equal(harness.engine.openIncidents().length, UNPLACED_MAX);
  await assert.rejects(harness.fire(alert('one-more')), { code: 'OVERLOADED', message: /no known target/ });
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('alerts that nobody can place take no more room when they are over and people could not be told', async () => {
  const harness = await Harness.started();
  harness.refuseDelivery = true;
  await harness.fire(...unheardOf(UNPLACED_MAX));
  const over = { status: 'resolved', endsAt: harness.clock.now() } as const;
  await harness.fire(...unheardOf(UNPLACED_MAX).map((each) => ({ ...each, ...over })));
  assert.equal(harness.outcomes().length, UNPLACED_MAX);
  assert.equal(harness.engine.openIncidents().length, UNPLACED_MAX);
  await assert.rejects(harness.fire(alert('one-more')), { code: 'OVERLOADED', message: /no known target/ });
});

test('an agent that is full refuses what it cannot keep, and takes signals again when there is room', async () => {
  const first = await Harness.started();
  await first.fire(...unheardOf(UNPLACED_MAX));
  first.kill();
  const others = Array.from({ length: OPEN_MAX - UNPLACED_MAX }, (_, n) => opened(`other-${n}`));
  await new MemoryJournal(first.content).append(others, []);
  const second = await Harness.restarted(first);
  // One more than there is room for: so much that fails is an incident of the fleet as a whole.
  assert.equal(second.said('resumed').length, OPEN_MAX + 1);

  await assert.rejects(second.fire(alert('web')), { code: 'OVERLOADED' });
  const [one, other] = second.engine.openIncidents();
  for (const id of [one?.id ?? '', other?.id ?? ''])
    await second.settled(second.engine.command(id, 'close', 'ann', 'noise'));
  await second.fire(alert('one-more'));
  assert.equal(second.engine.openIncidents().length, OPEN_MAX);
});

test('a message that there is no room for is refused whole', async () => {
  const harness = await Harness.started();
  await assert.rejects(harness.fire(...unheardOf(UNPLACED_MAX + 1)), { code: 'OVERLOADED' });
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
