import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step, strategy } from './given.ts';
import {
  advising,
  configured,
  hangs,
  ScriptedAnalyst,
  STEPS,
  says,
  sick,
  thinking,
} from './scriptedAnalyst.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

test('an analyst is asked about the evidence, the plan and the strategies that do less', async () => {
  const analyst = new ScriptedAnalyst(says({}));
  const harness = await sick(analyst);
  await harness.pass(MINUTE_MS);
  const [question] = analyst.questions;
  assert.deepEqual(question?.plan, { strategy: 'test', steps: STEPS.map(({ action }) => action) });
  assert.deepEqual(
    question?.alternatives.map(({ name }) => name),
    ['look-only'],
  );
  assert.ok(question?.evidence.some(({ id, kind }) => id === 'E1' && kind === 'inspect'));
  assert.deepEqual(question?.budget, { tokens: 50_000, costUsd: 0.5 });
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(analyst.questions.length, 1);
});

test('nothing is done while the first step waits for it', async () => {
  const { analyst, answer } = thinking();
  const harness = await sick(analyst);
  await harness.pass(5 * SECOND_MS);
  assert.equal(harness.said('step-started').length, 0);
  answer(advising({ withhold: 'restarts' }));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['analyst-says-so']);
});

test('where nothing acts, nothing waits: the analyst is heard for the story alone', async () => {
  const of = configured('wait', {
    strategies: [strategy([step('check_logs'), step('escalate_to_human')])],
  });
  const harness = await sick(new ScriptedAnalyst(hangs), of);
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.escalations(), ['strategy-says-so']);
});

test('no analyst is asked where none is configured, and where the strategy does not want it', async () => {
  const analyst = new ScriptedAnalyst(says({ withhold: 'mutations' }));
  for (const each of [configured('off'), configured('wait', { analysis: null })]) {
    const harness = await sick(analyst, each);
    await harness.pass(MINUTE_MS);
    assert.deepEqual(harness.acts(), ['restart web-1']);
    assert.equal(harness.said('analysis-ended').length, 0);
  }
  assert.equal(analyst.questions.length, 0);
});

test('what the analyst was shown when it asked is kept with the incident, for what cites it', async () => {
  const analyst = new ScriptedAnalyst(async (_question, tools) => {
    const logs = await tools.moreLogs({ lines: 10, contains: null });
    const facts = await tools.facts();
    const history = await tools.history();
    await assert.rejects(tools.query('up'), /no Prometheus is configured/);
    assert.deepEqual([logs.id, facts.id, history.id], ['E901', 'E902', 'E903']);
    assert.match(facts.text, /^web-1: exited; .*exit code 137/);
    return advising();
  });
  const harness = await sick(analyst);
  await harness.pass(MINUTE_MS);
  assert.equal(harness.said('analysis-ended')[0]?.code, 'answered');
  const kept = harness.said('evidence-gathered').flatMap(({ items }) => items);
  assert.deepEqual(
    kept.filter(({ id }) => /^E9/.test(id)).map(({ id, kind }) => `${id} ${kind}`),
    ['E901 logs', 'E902 inspect', 'E903 history'],
  );
});
