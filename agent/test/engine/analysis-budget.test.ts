import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_ANALYSIS } from '../../src/core/settings.ts';
import { alert } from './given.ts';
import { Harness } from './harness.ts';
import { configured, hangs, ScriptedAnalyst, says, sick } from './scriptedAnalyst.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

test('an analysis that was under way when the agent died is asked for again while there is time', async () => {
  const analyst = new ScriptedAnalyst(hangs);
  const first = await sick(analyst);
  await first.pass(2 * SECOND_MS);
  assert.equal(analyst.questions.length, 1);
  analyst.answer = says({ withhold: 'restarts' });
  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.equal(analyst.questions.length, 2);
  assert.deepEqual(second.acts(), []);
  // What the first agent spent is not known: all that was granted to it counts.
  const [started] = second.said('analysis-started');
  const [ended] = second.said('analysis-ended');
  assert.deepEqual(ended?.day.tokens, (started?.budget.tokens ?? 0) + 1_000);
});

test('an agent that comes back after the deadline does not ask again', async () => {
  const analyst = new ScriptedAnalyst(hangs);
  const first = await sick(analyst);
  await first.pass(2 * SECOND_MS);
  first.kill();
  await first.clock.advance(MINUTE_MS);
  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.equal(analyst.questions.length, 1);
  assert.deepEqual(
    second.said('analysis-ended').map(({ code }) => code),
    ['timeout'],
  );
  assert.equal(
    second.said('analysis-ended')[0]?.day.tokens,
    second.said('analysis-started')[0]?.budget.tokens,
  );
  assert.deepEqual(second.acts(), ['restart web-1']);
});

test('the budget of a day is kept over restarts of the agent, and a new day gives a new one', async () => {
  const perDay = { tokens: 2_500, costUsd: 1 };
  const of = configured('wait', { analysis: { ...DEFAULT_ANALYSIS, perDay } });
  const analyst = new ScriptedAnalyst(says({}));
  let harness = await Harness.started(of, { analyst });
  const fail = async () => {
    harness.runtime.die('web-1');
    await harness.fire(alert('web', { startsAt: harness.clock.now() }));
    await harness.pass(3 * MINUTE_MS);
    await harness.fire(alert('web', { status: 'resolved', endsAt: harness.clock.now() }));
    await harness.pass(3 * HOUR_MS);
    harness = await Harness.restarted(harness);
  };
  for (let time = 0; time < 4; time += 1) await fail();
  const codes = () => harness.said('analysis-ended').map(({ code }) => code);
  // 12:00, 15:00 and 18:00: a thousand tokens each, the last with what was left.
  assert.deepEqual(codes().slice(0, 4), ['answered', 'answered', 'answered', 'budget-spent']);
  assert.deepEqual(
    analyst.questions.map(({ budget }) => budget.tokens),
    [2_500, 1_500, 500],
  );
  await fail();
  assert.equal(codes().at(-1), 'answered');
  assert.equal(harness.acts().length, 5);
});

test('what a silent analyst may have spent counts as spent', async () => {
  const harness = await sick(new ScriptedAnalyst(hangs));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.said('analysis-ended')[0]?.charged, { tokens: 50_000, costUsd: 0.5 });
});
