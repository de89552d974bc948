import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postAlert } from './alerts.ts';
import { openCrashBench } from './bench.ts';
import { runRounds } from './rounds.ts';

test('an agent that is killed between the restart call and its record issues exactly one restart', async () => {
  await using bench = await openCrashBench(1);
  const [service] = bench.services;
  assert.ok(service !== undefined);
  const { agent, cutOff } = bench;
  await service.container.kill();
  const killed = Promise.withResolvers<void>();
  cutOff.withholdNext(async () => {
    await agent.kill();
    killed.resolve();
  });
  await postAlert(agent.url, service.name, 'crash-1');
  await killed.promise;
  assert.equal(cutOff.acted.length, 1, 'the engine carried the call out, and its answer was lost');

  await agent.launch();
  const incident = await agent.whenIncident(service.name, ({ phase }) => phase === 'ended');
  assert.equal(incident.outcome, 'recovered');
  assert.equal(cutOff.acted.length, 1, 'nothing was repeated');
  const confirmed = (await agent.journal(incident.id)).find(({ body }) => body.type === 'mutation-confirmed');
  assert.equal(confirmed?.body['verdict'], 'happened');
});

test('an answer that is lost while the agent lives is looked for, and nothing is repeated', async () => {
  await using bench = await openCrashBench(1);
  const [service] = bench.services;
  assert.ok(service !== undefined);
  const { agent, cutOff } = bench;
  await service.container.kill();
  cutOff.withholdNext(async () => undefined);
  await postAlert(agent.url, service.name, 'lost-1');
  const incident = await agent.whenIncident(service.name, ({ phase }) => phase === 'ended');
  assert.equal(incident.outcome, 'recovered');
  assert.equal(cutOff.acted.length, 1);
});

test('ten rounds of killing the agent at a random moment: each signal is accounted for, no restart is doubled', async (t) => {
  const report = await runRounds(10, Math.random, (sentence) => t.diagnostic(sentence));
  assert.deepEqual(report.problems, []);
  assert.equal(report.acknowledged, 10);
  assert.equal(report.startedOnce + report.startedNever, 10);
});
