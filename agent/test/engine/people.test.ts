import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_INCIDENT } from '../../src/core/settings.ts';
import { alert, settings, step, strategy, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;

async function escalated(): Promise<Harness> {
  const harness = await Harness.started();
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  assert.equal(harness.delivered.length, 1);
  return harness;
}

const idOf = (harness: Harness): string => harness.engine.openIncidents()[0]?.id ?? '(none is open)';

test('an escalation that somebody took is withdrawn and not said again', async () => {
  const harness = await escalated();
  await harness.settled(harness.engine.command(idOf(harness), 'acknowledge', 'ann', 'on it'));
  await harness.pass(MINUTE_MS);
  assert.equal(harness.withdrawn.length, 1);
  assert.equal(harness.engine.openIncidents().length, 1);
  await assert.rejects(
    harness.settled(harness.engine.command(idOf(harness), 'acknowledge', 'bob', 'me too')),
    {
      code: 'NOT_POSSIBLE',
    },
  );
});

test('a person closes an incident, with the name and the reason on record', async () => {
  const harness = await escalated();
  await harness.settled(harness.engine.command(idOf(harness), 'close', 'ann', 'disk replaced'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['closed-by-person']);
  assert.deepEqual(harness.engine.openIncidents(), []);
  assert.match(harness.said('incident-ended')[0]?.reason ?? '', /ann.*disk replaced/);
});

test('a person asks for another recovery of an escalated incident, and it is worked through again', async () => {
  const harness = await escalated();
  harness.runtime.run('web');
  harness.runtime.die('web-1');
  await harness.settled(harness.engine.recover('web', 'ann', 'the image is mended'));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a recovery that a person asks for after the deadline has a deadline of its own', async () => {
  const harness = await escalated();
  await harness.pass(3 * DEFAULT_INCIDENT.deadlineMs);
  harness.runtime.run('web');
  harness.runtime.die('web-1');
  await harness.settled(harness.engine.command(idOf(harness), 'recover', 'ann', 'try again'));
  await harness.pass(2 * MINUTE_MS);
  assert.equal(harness.said('escalated').filter(({ code }) => code === 'deadline').length, 0);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a recovery that a person asks for after a target was not seen gives it time to be seen again', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'unreachable';
  await harness.fire(alert('web'));
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.escalations(), ['target-not-seen']);
  await harness.settled(harness.engine.recover('web', 'ann', 'the daemon is being started'));
  await harness.pass(10_000);
  harness.runtime.trouble = 'none';
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.escalations(), ['target-not-seen']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

/** A target that died in mode `approve`: what is planned waits for a person. */
async function waitingForApproval(): Promise<Harness> {
  const harness = await Harness.started(settings({ mode: 'approve' }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  return harness;
}

test('what is approved is done, after a new look', async () => {
  const harness = await waitingForApproval();
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.engine.approvals().length, 1);
  await harness.settled(harness.engine.command(idOf(harness), 'approve', 'ann', 'go'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('what was approved and got well meanwhile is not touched', async () => {
  const harness = await waitingForApproval();
  harness.runtime.run('web');
  await harness.settled(harness.engine.command(idOf(harness), 'approve', 'ann', 'go'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
});

test('the guards are asked again when the approval comes', async () => {
  const harness = await waitingForApproval();
  await harness.reload(settings({ mode: 'approve', protectedNames: ['web'] }));
  await harness.settled(harness.engine.command(idOf(harness), 'approve', 'ann', 'go'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['protected-target']);
});

test('what is denied is not done, and goes to a person', async () => {
  const harness = await waitingForApproval();
  await harness.settled(harness.engine.command(idOf(harness), 'deny', 'ann', 'not today'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['approval-denied']);
});

test('an approval that nobody gives in time goes to a person', async () => {
  const harness = await Harness.started(settings({ mode: 'approve' }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(16 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['approval-expired']);
  await assert.rejects(harness.settled(harness.engine.command(idOf(harness), 'approve', 'ann', 'late')), {
    code: 'NOT_POSSIBLE',
  });
});

test('an approval that is no longer needed, for the alert is resolved and the target well, is not waited for', async () => {
  const harness = await waitingForApproval();
  harness.runtime.run('web');
  await harness.fire(alert('web', { status: 'resolved', endsAt: harness.clock.now() }));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['self-resolved']);
  assert.deepEqual(harness.escalations(), []);
});

test('a person cannot have the agent or what it stands on recovered, and the attempt is on record', async () => {
  const harness = await Harness.started(
    settings({ targets: [target('web'), target('postgres')], protectedNames: ['postgres'] }),
  );
  await assert.rejects(harness.settled(harness.engine.recover('postgres', 'ann', 'it is slow')), {
    code: 'PROTECTED',
  });
  await harness.pass(MINUTE_MS);
  assert.equal(harness.said('protective-action').length, 1);
  assert.deepEqual(harness.engine.openIncidents(), []);
});

test('a word to what is not there, and a recovery of an unknown target, are said so', async () => {
  const harness = await Harness.started();
  const end = { kind: 'maintenance-end', id: 'm9' } as const;
  await assert.rejects(harness.settled(harness.engine.control(end, 'ann', 'done')), {
    code: 'UNKNOWN_MAINTENANCE',
    message: 'No such maintenance is open: m9. See `mpa maintenance list` for the ids.',
  });
  await assert.rejects(harness.settled(harness.engine.command('inc-9', 'close', 'ann', '')), {
    code: 'UNKNOWN_INCIDENT',
  });
  await assert.rejects(harness.settled(harness.engine.recover('nobody', 'ann', '')), {
    code: 'UNKNOWN_TARGET',
  });
});

test('an incident is not closed while it is unknown how a mutation ended', async () => {
  const harness = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
  harness.runtime.die('web-1');
  harness.runtime.onAct = () => harness.clock.sleep(5_000);
  await harness.fire(alert('web'));
  await harness.pass(1_000);
  await assert.rejects(harness.settled(harness.engine.command(idOf(harness), 'close', 'ann', 'mine')), {
    code: 'NOT_POSSIBLE',
  });
});

test('a step that waits for approval calls a person, who is told no more once it is approved', async () => {
  const harness = await Harness.started(settings({ mode: 'approve' }));
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(1_000);
  assert.deepEqual(
    harness.delivered.map(({ code, severity }) => `${severity} ${code}`),
    ['warning approval-wanted'],
  );
  assert.match(harness.delivered[0]?.reason ?? '', new RegExp(`mpa approve ${idOf(harness)}`));
  assert.deepEqual(harness.runtime.calls, []);
  await harness.settled(harness.engine.command(idOf(harness), 'approve', 'ann', 'go'));
  await harness.pass(MINUTE_MS);
  assert.equal(harness.runtime.calls.length, 1);
  assert.equal(harness.withdrawn.length, 1);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('what went to a person before any evidence was kept is not recovered by order before it is', async () => {
  const deadlineMs = 10 * 60_000;
  const first = await Harness.started(settings({ incident: { ...DEFAULT_INCIDENT, deadlineMs } }));
  first.runtime.die('web-1');
  first.runtime.slowMs = 1_500;
  await first.fire(alert('web'));
  first.kill();
  await first.pass(deadlineMs + 60_000);
  first.runtime.slowMs = 0;
  const second = await Harness.restarted(first);
  assert.deepEqual(second.escalations(), ['deadline']);
  assert.deepEqual(second.said('evidence-gathered'), []);
  await second.settled(second.engine.command(idOf(second), 'recover', 'ann', 'try it'));
  await second.pass(60_000);
  assert.deepEqual(second.acts(), ['restart web-1']);
  const types = second.bodies().map(({ type }) => type);
  assert.ok(types.indexOf('evidence-gathered') < types.indexOf('mutation-started'));
  assert.ok(types.includes('evidence-gathered'));
  assert.deepEqual(second.outcomes(), ['recovered']);
});
