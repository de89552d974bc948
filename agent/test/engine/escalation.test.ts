import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_GUARDS } from '../../src/core/settings.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test('an escalation reaches its receiver although that was down for hours', async () => {
  const harness = await Harness.started();
  harness.refuseDelivery = true;
  await harness.fire(alert('unheard-of'));
  await harness.pass(6 * HOUR_MS);
  assert.deepEqual(harness.delivered, []);
  assert.ok(harness.deliveries >= 20 && harness.deliveries <= 60, `${harness.deliveries} tries in 6 h`);
  harness.refuseDelivery = false;
  await harness.pass(16 * MINUTE_MS);
  assert.equal(harness.delivered.length, 1);
});

test('an escalation that was not delivered is delivered by the next agent', async () => {
  const first = await Harness.started();
  first.refuseDelivery = true;
  await first.fire(alert('unheard-of'));
  await first.pass(HOUR_MS);
  const second = await Harness.restarted(first);
  await second.pass(16 * MINUTE_MS);
  assert.equal(second.delivered.length, 1);
});

test('an escalation that is over before it was delivered is delivered all the same, and then withdrawn', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  harness.refuseDelivery = true;
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  harness.runtime.run('web');
  await harness.pass(MINUTE_MS);
  assert.equal(harness.outcomes().length, 1);
  harness.refuseDelivery = false;
  await harness.pass(HOUR_MS);
  assert.equal(harness.delivered.length, 1);
  assert.equal(harness.withdrawn.length, 1);
  assert.deepEqual(harness.engine.openIncidents(), []);
});

test('an escalation tells everything that was tried', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(
    harness.delivered[0]?.attempts.map(({ action, instance, outcome }) => `${action} ${instance} ${outcome}`),
    ['check_logs null succeeded', 'restart web-1 succeeded', 'check_health null failed'],
  );
});

test('an incident without a target closes when its alert is resolved, and else after a day', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('one'), alert('two'));
  await harness.pass(MINUTE_MS);
  await harness.fire(alert('one', { status: 'resolved', endsAt: harness.clock.now() }));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
  await harness.pass(24 * HOUR_MS);
  assert.deepEqual(harness.outcomes(), ['self-resolved', 'expired']);
  assert.deepEqual(harness.engine.openIncidents(), []);
});

test('signals of an unknown target of a probe are one matter for one person', async () => {
  const harness = await Harness.started();
  for (let time = 0; time < 5; time += 1) {
    await harness.settled(
      harness.engine.hear({
        source: 'probe',
        target: 'gone',
        probe: 'http',
        state: 'failing',
        reason: 'refused',
      }),
    );
    await harness.pass(MINUTE_MS);
  }
  assert.equal(harness.said('incident-opened').length, 1);
  assert.equal(harness.delivered.length, 1);
});

test('a step that fails under `on_failure: stop` goes to a person, and no later step is done', async () => {
  const steps = [step('check_health', {}, { onFailure: 'stop' }), step('restart')];
  const harness = await Harness.started(settings({ strategies: [strategy(steps)] }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['step-failed']);
});

test('a placeholder that the alert cannot fill goes to a person, and nothing is done', async () => {
  const steps = [step('restart'), step('escalate_to_human', { reason: '{{ labels.team }} must look' })];
  const harness = await Harness.started(settings({ strategies: [strategy(steps)] }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['placeholder']);
  assert.match(harness.delivered[0]?.reason ?? '', /labels\.team.*no label team/);
});

test('an alert for which there is no strategy goes to a person', async () => {
  const harness = await Harness.started(settings({ strategies: [] }));
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.escalations(), ['no-strategy']);
});

test('a target that recovers and fails again and again is given to a person', async () => {
  const guards = { ...DEFAULT_GUARDS, budget: { ...DEFAULT_GUARDS.budget, mutations: 100 } };
  const harness = await Harness.started(settings({ guards }));
  for (let round = 0; round < 4; round += 1) {
    harness.runtime.die('web-1');
    await harness.fire(alert('web', { startsAt: harness.clock.now() }));
    await harness.pass(11 * MINUTE_MS);
  }
  assert.equal(harness.acts().length, 3);
  assert.deepEqual(harness.escalations(), ['guard-refused']);
  assert.match(harness.delivered[0]?.reason ?? '', /recovered.*3 times/);
});

test('a spent budget opens the breaker, is told once, and the target is healed again after it closed', async () => {
  const guards = { ...DEFAULT_GUARDS, flapping: { ...DEFAULT_GUARDS.flapping, recoveries: 100 } };
  const harness = await Harness.started(settings({ guards }));
  for (let round = 0; round < 4; round += 1) {
    harness.runtime.die('web-1');
    await harness.fire(alert('web', { startsAt: harness.clock.now() }));
    await harness.pass(80_000);
  }
  assert.equal(harness.acts().length, 3);
  assert.equal(harness.said('breaker-opened').length, 1);
  harness.runtime.run('web');
  await harness.pass(15 * MINUTE_MS);
  harness.runtime.die('web-1');
  await harness.fire(alert('web', { startsAt: harness.clock.now() }));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.acts().length, 4);
});

test('when half of the fleet fails at once nothing is touched, and one person is called once', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const harness = new Harness(settings({ targets: names.map((name) => target(name)) }));
  for (const name of names) harness.runtime.run(name);
  await harness.start();
  for (const name of names.slice(0, 4)) harness.runtime.die(`${name}-1`);
  await harness.fire(...names.slice(0, 4).map((name) => alert(name)));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['fleet-panic']);
  for (const name of names.slice(0, 3)) harness.runtime.run(name);
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart d-1']);
});

test('a picture that comes and goes is one panic, and one call', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const harness = new Harness(settings({ targets: names.map((name) => target(name)) }));
  for (const name of names) harness.runtime.run(name);
  await harness.start();
  const fail = async (...names: readonly string[]) => {
    for (const name of names) harness.runtime.die(`${name}-1`);
    await harness.fire(...names.map((name) => alert(name, { startsAt: harness.clock.now() })));
  };
  await fail('a', 'b', 'c');
  for (let turn = 0; turn < 3; turn += 1) {
    await harness.pass(20_000);
    harness.runtime.run('c');
    await harness.pass(26_000);
    await fail('c');
  }
  assert.deepEqual(harness.escalations(), ['fleet-panic']);
  assert.deepEqual(harness.acts(), []);
  harness.runtime.run('c');
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart a-1'], 'one of six in ten minutes');
  assert.deepEqual(harness.escalations(), ['fleet-panic']);
});
