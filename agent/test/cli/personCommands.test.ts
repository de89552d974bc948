import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MpaError } from '../../src/errors.ts';
import { sampleStatus } from '../fakes/targetStatus.ts';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

test('a recovery is asked for in the name of the account, or of who is named', async () => {
  await using agent = await openAgent();
  agent.control.statuses = [sampleStatus()];
  const { out, exitCode } = await runMpa(
    ['recover', 'market-predictor', '--reason', 'slow'],
    agent.environment,
  );
  assert.equal(exitCode, 0);
  assert.match(out, /mpa incidents show inc-1/);
  await runMpa(['recover', 'market-predictor', '--reason', 'x', '--who', 'eve'], agent.environment);
  assert.deepEqual(
    agent.control.recoveries.map(({ who, reason }) => [who, reason]),
    [
      ['ada', 'slow'],
      ['eve', 'x'],
    ],
  );
});

for (const word of ['acknowledge', 'close', 'approve', 'deny']) {
  test(`mpa ${word} says so to the incident`, async () => {
    await using agent = await openAgent();
    const ran = await runMpa([word, 'inc-7', '--reason', 'because'], agent.environment);
    assert.deepEqual([ran.exitCode, ran.err], [0, '']);
    assert.deepEqual(agent.control.commands, [
      { incident: 'inc-7', command: word, who: 'ada', reason: 'because' },
    ]);
  });
}

test('to approve and to take an incident needs no reason; the other words do, and an empty one is none', async () => {
  await using agent = await openAgent();
  for (const word of ['approve', 'acknowledge']) {
    const ran = await runMpa([word, 'inc-7'], agent.environment);
    assert.deepEqual([ran.exitCode, ran.err], [0, '']);
  }
  assert.deepEqual(
    agent.control.commands.map(({ reason }) => reason),
    ['approved', 'acknowledged'],
  );
  const denied = await runMpa(['deny', 'inc-7'], agent.environment);
  assert.match(denied.err, /required option '--reason <text>'/);
  const empty = await runMpa(['close', 'inc-7', '--reason', ' '], agent.environment);
  assert.match(empty.err, /Say why in a few words/);
  assert.equal(agent.control.commands.length, 2);
});

test('a word that does not fit now is said so', async () => {
  await using agent = await openAgent();
  agent.control.failure = new MpaError('NOT_POSSIBLE', 'nothing waits for approval');
  const ran = await runMpa(['approve', 'inc-7', '--reason', 'ok'], agent.environment);
  assert.equal(ran.exitCode, 1);
  assert.match(ran.err, /^mpa: That is not possible now: nothing waits for approval\. /);
});
