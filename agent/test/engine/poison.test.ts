import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../src/core/alert.ts';
import { DEFAULT_GUARDS, type Settings } from '../../src/core/settings.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

/** Of the two targets here both may be mutated. */
const WIDE = { ...DEFAULT_GUARDS, blastRadius: { ...DEFAULT_GUARDS.blastRadius, fraction: 1 } };

/** Settings under which the decision about every alert called `Poison` throws. */
function poisonous(rest: Partial<Settings> = {}): Settings {
  const explodes = (value: string): boolean => {
    if (value === 'Poison') throw new TypeError('accepts is not what it seems');
    return false;
  };
  return settings({
    targets: [target('web'), target('api')],
    guards: WIDE,
    strategies: [
      strategy([], {
        name: 'poison',
        sources: [],
        matchers: [{ label: 'alertname', operator: '=', value: 'Poison', accepts: explodes }],
      }),
      strategy([step('restart')]),
    ],
    ...rest,
  });
}

const poison = (service: string) => alert(service, { labels: { alertname: 'Poison', service } });

async function poisoned(): Promise<Harness> {
  const harness = await Harness.started(poisonous());
  harness.runtime.run('api');
  harness.runtime.die('web-1');
  harness.runtime.die('api-1');
  await harness.fire(poison('web'), alert('api'));
  await harness.pass(2 * MINUTE_MS);
  return harness;
}

test('an incident whose decision throws is set aside and goes to a person; the others go on', async () => {
  const harness = await poisoned();
  assert.deepEqual(harness.acts(), ['restart api-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.equal(harness.quarantined.length, 1);
  assert.deepEqual(
    harness.delivered.map(({ target: of, code }) => `${of} ${code}`),
    ['web decision-failed'],
  );
  assert.match(harness.said('quarantined')[0]?.error ?? '', /TypeError: accepts is not what it seems/);
});

test('it stays aside over restarts of the agent: nobody is called twice, and others are healed', async () => {
  let harness = await poisoned();
  for (let round = 0; round < 3; round += 1) harness = await Harness.restarted(harness);
  harness.runtime.die('api-1');
  await harness.pass(11 * MINUTE_MS);
  await harness.fire(alert('api', { startsAt: harness.clock.now() }));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('quarantined').length, 1);
  assert.equal(harness.said('escalated').length, 1);
  assert.equal(harness.acts().length, 2);
});

test('signals of an incident that is set aside are kept and start nothing', async () => {
  const harness = await poisoned();
  await harness.fire(alert('web', { fingerprint: 'another', startsAt: harness.clock.now() }));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(
    harness.said('signal-ignored').map(({ code }) => code),
    ['set-aside'],
  );
  assert.deepEqual(harness.acts(), ['restart api-1']);
});

test('a person closes it, and the next signal is healed as if nothing had been', async () => {
  const harness = await poisoned();
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'close', 'ann', 'reported as a defect'));
  await harness.pass(MINUTE_MS);
  await harness.fire(alert('web', { fingerprint: 'another', startsAt: harness.clock.now() }));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart api-1', 'restart web-1']);
});

test('a person has it decided again after the cause is mended, and it is worked through', async () => {
  const harness = await poisoned();
  await harness.reload(
    settings({
      targets: [target('web'), target('api')],
      guards: WIDE,
      strategies: [strategy([step('restart')])],
    }),
  );
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'recover', 'ann', 'the strategy is mended'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart api-1', 'restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered', 'recovered']);
});

test('a person has it decided again although it still throws: it is set aside again, and said again', async () => {
  const harness = await poisoned();
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'recover', 'ann', 'maybe now'));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('quarantined').length, 2);
  assert.equal(harness.delivered.length, 2);
  assert.deepEqual(harness.acts(), ['restart api-1']);
});

/** An alert whose labels cannot be read when it is placed. */
function cursed(): Alert {
  let reads = 0;
  const { labels, ...rest } = alert('cursed');
  return {
    ...rest,
    get labels() {
      reads += 1;
      if (reads > 1) throw new TypeError('no labels');
      return labels;
    },
  };
}

test('a signal that cannot even be placed takes no other of its message with it', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await assert.rejects(harness.fire(cursed(), alert('web')), TypeError);
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('what a decision left behind before it threw is in the journal, or not known at all', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  await assert.rejects(harness.fire(alert('web'), cursed()), TypeError);
  assert.deepEqual(
    harness.engine.openIncidents().map(({ id }) => id),
    harness.said('incident-opened').map(({ id }) => id),
  );
});
