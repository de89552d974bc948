import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_INCIDENT } from '../../src/core/settings.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

const observing = {
  'the whole agent': settings({ mode: 'observe' }),
  'the target': settings({ targets: [target('web', { mode: 'observe' })] }),
  'the strategy': settings({ strategies: [strategy([step('restart')], { mode: 'observe' })] }),
};

for (const [what, configured] of Object.entries(observing)) {
  test(`under mode observe of ${what} the journal says what would be done, and nothing is`, async () => {
    const harness = await Harness.started(configured);
    harness.runtime.die('web-1');
    await harness.fire(alert('web'));
    await harness.pass(10 * MINUTE_MS);
    assert.deepEqual(harness.acts(), []);
    assert.deepEqual(harness.delivered, []);
    assert.ok(harness.said('step-ended').some(({ reason }) => reason.includes('would now restart web-1')));
  });
}

test('what was handed over under observe and is still sick calls a person when the mode lets it', async () => {
  const harness = await Harness.started();
  const observe = { kind: 'mode', target: null, mode: 'observe' } as const;
  await harness.settled(harness.engine.control(observe, 'ann', 'first days'));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.delivered, []);
  await harness.settled(harness.engine.control({ ...observe, mode: null }, 'ann', 'it may act'));
  await harness.pass(5 * MINUTE_MS);
  assert.equal(harness.delivered.length, 1);
  assert.deepEqual(harness.acts(), []);
});

test('under mode off signals are kept and start nothing', async () => {
  const harness = await Harness.started(settings({ mode: 'off' }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.said('incident-opened'), []);
  assert.deepEqual(
    harness.said('signal-ignored').map(({ code }) => code),
    ['mode-off'],
  );
});

test('the stricter mode wins, whoever set it', async () => {
  const harness = await Harness.started(settings({ targets: [target('web', { mode: 'approve' })] }));
  await harness.settled(
    harness.engine.control({ kind: 'mode', target: null, mode: 'observe' }, 'ann', 'audit'),
  );
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.engine.approvals(), []);
});

test('what fired in a maintenance and still holds is acted on afterwards, long as it was', async () => {
  const harness = await Harness.started();
  const until = harness.clock.now() + 180 * MINUTE_MS;
  await harness.settled(
    harness.engine.control({ kind: 'maintenance-start', id: 'm1', target: 'web', until }, 'ann', 'upgrade'),
  );
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(179 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), []);
  await harness.pass(3 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a maintenance that a person ends early is over at once', async () => {
  const harness = await Harness.started();
  const until = harness.clock.now() + 180 * MINUTE_MS;
  await harness.settled(
    harness.engine.control({ kind: 'maintenance-start', id: 'm1', target: null, until }, 'ann', 'upgrade'),
  );
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  await harness.settled(harness.engine.control({ kind: 'maintenance-end', id: 'm1' }, 'ann', 'done'));
  await harness.pass(1_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

test('an approval that is wanted no more, since people lifted the mode, is not waited for', async () => {
  const harness = await Harness.started();
  const approve = { kind: 'mode', target: 'web', mode: 'approve' } as const;
  await harness.settled(harness.engine.control(approve, 'ann', 'careful'));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.until('approval-asked');
  const other = { kind: 'mode', target: null, mode: 'approve' } as const;
  await harness.settled(harness.engine.control(other, 'ann', 'all of it'));
  await harness.settled(harness.engine.control({ ...approve, mode: null }, 'ann', 'it may act'));
  await harness.pass(1_000);
  assert.deepEqual(harness.acts(), [], 'the other mode still wants it');
  assert.equal(harness.said('approval-asked').length, 1, 'and nobody is asked twice');
  await harness.settled(harness.engine.control({ ...other, mode: null }, 'ann', 'it may act'));
  await harness.pass(1_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(harness.withdrawn.length, 1, 'who was asked is told that it is over');
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('what looks well, and whose alert fires on, calls a person when the mode lets it', async () => {
  const harness = await Harness.started(settings({ mode: 'observe' }));
  harness.symptom = 'present';
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual([harness.escalations().length, harness.delivered.length], [1, 0]);
  await harness.reload(settings());
  await harness.pass(MINUTE_MS);
  assert.equal(harness.delivered.length, 1);
  assert.match(harness.delivered[0]?.reason ?? '', /^nobody was called before, and it is not over: /);
  await harness.pass(10 * MINUTE_MS);
  assert.equal(harness.delivered.length, 1, 'once');
});

test('what has no target and called nobody under observe calls a person when the mode lets it', async () => {
  const harness = await Harness.started();
  const observe = { kind: 'mode', target: null, mode: 'observe' } as const;
  await harness.settled(harness.engine.control(observe, 'ann', 'first days'));
  await harness.fire(alert('nobody-knows-it'));
  await harness.pass(10 * MINUTE_MS);
  assert.equal(harness.delivered.length, 0);
  await harness.settled(harness.engine.control({ ...observe, mode: null }, 'ann', 'it may act'));
  await harness.pass(MINUTE_MS);
  assert.equal(harness.delivered.length, 1);
  assert.match(harness.delivered[0]?.reason ?? '', /^nobody was called before: /);
});

test('what has no target and called nobody calls a person also when the mode was lifted while the agent was away', async () => {
  const first = await Harness.started(settings({ mode: 'observe' }));
  await first.fire(alert('nobody-knows-it'));
  const second = await Harness.restarted(first, settings());
  await second.pass(MINUTE_MS);
  assert.equal(second.delivered.length, 1);
});

test('however often a maintenance is asked about, the deadline is put off by no more than its time', async () => {
  const harness = await Harness.started(
    settings({ incident: { ...DEFAULT_INCIDENT, deadlineMs: 20 * MINUTE_MS } }),
  );
  const until = harness.clock.now() + 30 * MINUTE_MS;
  const maintenance = { kind: 'maintenance-start', id: 'm1', target: 'web', until } as const;
  await harness.settled(harness.engine.control(maintenance, 'ann', 'upgrade'));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  const deadline = () => (harness.engine.openIncidents()[0]?.deadlineAt ?? 0) - until;
  await harness.pass(1_000);
  const first = deadline();
  for (let turn = 0; turn < 5; turn += 1) {
    await harness.pass(MINUTE_MS);
    const other = { kind: 'mode', target: 'web', mode: turn % 2 === 0 ? null : 'auto' } as const;
    await harness.settled(harness.engine.control(other, 'ann', 'no matter'));
  }
  assert.equal(deadline(), first);
  await harness.settled(harness.engine.control({ kind: 'maintenance-end', id: 'm1' }, 'ann', 'done'));
  assert.ok(deadline() < first - 20 * MINUTE_MS, 'what was not waited is not put off');
});

test('a mode that becomes approve between two instances asks a person before the next', async () => {
  const harness = new Harness();
  for (const name of ['web-1', 'web-2']) harness.runtime.run('web', name).health = 'unhealthy';
  await harness.start();
  harness.runtime.slowMs = 300;
  await harness.fire(alert('web'));
  await harness.until('mutation-started');
  const approve = { kind: 'mode', target: 'web', mode: 'approve' } as const;
  await harness.settled(harness.engine.control(approve, 'ann', 'careful'));
  await harness.until('approval-asked');
  assert.deepEqual(harness.acts(), ['restart web-1']);
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'approve', 'ann', 'go'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1', 'restart web-2']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

/** Two instances that look well while their alert holds, and a mode that becomes approve between the two. */
async function askedBetweenTwo(): Promise<Harness> {
  const harness = new Harness();
  for (const name of ['web-1', 'web-2']) harness.runtime.run('web', name);
  harness.symptom = 'present';
  await harness.start();
  harness.runtime.slowMs = 300;
  await harness.fire(alert('web'));
  await harness.until('mutation-started');
  const approve = { kind: 'mode', target: 'web', mode: 'approve' } as const;
  await harness.settled(harness.engine.control(approve, 'ann', 'careful'));
  await harness.until('approval-asked');
  return harness;
}

test('a person who is asked in the middle of a step gives leave for what is left of it', async () => {
  const harness = await askedBetweenTwo();
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'approve', 'ann', 'go'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1', 'restart web-2']);
});

test('a step that is asked for in its middle goes on where it was when nobody wants to be asked any more', async () => {
  const harness = await askedBetweenTwo();
  const lifted = { kind: 'mode', target: 'web', mode: null } as const;
  await harness.settled(harness.engine.control(lifted, 'ann', 'it may act'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1', 'restart web-2']);
});

test('a target is shown with the mode in force, whoever set the strictest', async () => {
  const harness = await Harness.started(
    settings({ targets: [target('web'), target('db', { mode: 'approve' })] }),
  );
  const shown = () => harness.engine.targets().map(({ target: { name }, mode }) => `${name} ${mode}`);
  assert.deepEqual(shown(), ['web auto', 'db approve']);
  const observe = { kind: 'mode', target: 'web', mode: 'observe' } as const;
  await harness.settled(harness.engine.control(observe, 'ann', 'audit'));
  assert.deepEqual(shown(), ['web observe', 'db approve']);
  await harness.reload(settings({ mode: 'off', targets: [target('web')] }));
  assert.deepEqual(shown(), ['web off']);
});

test('a target is shown with the maintenance that it is in, while it is', async () => {
  const harness = await Harness.started();
  const until = harness.clock.now() + MINUTE_MS;
  const start = { kind: 'maintenance-start', id: 'm1', target: null, until } as const;
  await harness.settled(harness.engine.control(start, 'ann', 'upgrade'));
  assert.deepEqual(harness.engine.targets()[0]?.maintenance, { until, reason: 'upgrade' });
  await harness.pass(MINUTE_MS);
  assert.equal(harness.engine.targets()[0]?.maintenance, null);
});

test('a target is shown as stopped by a person until somebody starts it', async () => {
  const harness = await Harness.started();
  const tell = (what: 'stopped' | 'started') => {
    const happenedAt = harness.clock.now();
    const event = { target: 'web', instance: 'web-1', instanceId: 'c1', what, happenedAt, reason: 'by hand' };
    return harness.settled(harness.engine.hearRuntime(event));
  };
  await tell('stopped');
  assert.equal(harness.engine.targets()[0]?.held, 'stopped');
  await tell('started');
  assert.equal(harness.engine.targets()[0]?.held, null);
});
