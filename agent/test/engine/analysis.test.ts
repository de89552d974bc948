import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Advice, Analysis, AnalysisQuestion, AnalysisUsage } from '../../src/core/diagnosis.ts';
import { DEFAULT_ANALYSIS, type Settings } from '../../src/core/settings.ts';
import type { Strategy } from '../../src/core/strategy.ts';
import type { Analyst, AnalystTools } from '../../src/ports.ts';
import { alert, START_AT, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const USAGE: AnalysisUsage = { inputTokens: 900, outputTokens: 100, costUsd: 0.01, turns: 1 };

const STEPS = [step('check_logs'), step('restart'), step('check_health'), step('escalate_to_human')];

function configured(analysis: Strategy['analysis'] = 'wait', rest: Partial<Settings> = {}): Settings {
  return settings({
    analysis: DEFAULT_ANALYSIS,
    strategies: [
      strategy(STEPS, { analysis }),
      strategy([step('check_logs'), step('escalate_to_human')], {
        name: 'look-only',
        matchers: [],
        sources: [],
      }),
      strategy([step('start'), step('restart')], { name: 'bold', matchers: [], sources: [] }),
    ],
    ...rest,
  });
}

function analysis(advice: Partial<Advice> = {}): Analysis {
  return {
    model: 'test model',
    causes: [],
    advice: {
      from: 'analyst',
      strategy: null,
      withhold: 'nothing',
      person: 'as-planned',
      reason: 'so it is',
      ...advice,
    },
    confidence: 0.9,
    lookAt: [],
    voided: 0,
    remembered: false,
  };
}

type Answer = Awaited<ReturnType<Analyst['analyse']>>;

/** An analyst that is asked and answers by a script; it keeps what it was asked. */
class ScriptedAnalyst implements Analyst {
  readonly model = 'test model';
  readonly questions: AnalysisQuestion[] = [];
  answer: (question: AnalysisQuestion, tools: AnalystTools, signal: AbortSignal) => Promise<Answer>;

  constructor(answer: ScriptedAnalyst['answer']) {
    this.answer = answer;
  }

  analyse(question: AnalysisQuestion, tools: AnalystTools, signal: AbortSignal): Promise<Answer> {
    this.questions.push(question);
    return this.answer(question, tools, signal);
  }
}

const says = (advice: Partial<Advice>) => async (): Promise<Answer> => ({
  ok: true,
  analysis: analysis(advice),
  usage: USAGE,
});

const hangs = () => new Promise<Answer>(() => undefined);

/** A target that died, and an analyst that is asked about it. */
async function sick(analyst: Analyst, of: Settings = configured()): Promise<Harness> {
  const harness = await Harness.started(of, { analyst });
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  return harness;
}

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
  let answer: (answer: Answer) => void = () => undefined;
  const harness = await sick(new ScriptedAnalyst(() => new Promise((resolve) => (answer = resolve))));
  await harness.pass(5 * SECOND_MS);
  assert.equal(harness.said('step-started').length, 0);
  answer({ ok: true, analysis: analysis({ withhold: 'restarts' }), usage: USAGE });
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['analyst-says-so']);
});

const WAYS: readonly {
  readonly what: string;
  readonly code: string;
  readonly answer: ScriptedAnalyst['answer'];
}[] = [
  { what: 'never answers', code: 'timeout', answer: hangs },
  {
    what: 'throws',
    code: 'unavailable',
    answer: () => {
      throw new Error('socket hang up');
    },
  },
  { what: 'rejects', code: 'unavailable', answer: () => Promise.reject(new Error('defect')) },
  {
    what: 'is refused for its rate',
    code: 'rate-limited',
    answer: async () => ({ ok: false, code: 'rate-limited', reason: 'status 429', usage: USAGE }),
  },
  {
    what: 'answers with something else',
    code: 'malformed',
    // The type forbids it; what comes over a wire does not know of types.
    answer: async () =>
      ({ ok: true, analysis: { advice: 'restart everything' }, usage: {} }) as unknown as Answer,
  },
  {
    what: 'answers with nothing',
    code: 'malformed',
    answer: async () => ({ ok: false }) as unknown as Answer,
  },
];

for (const { what, code, answer } of WAYS) {
  test(`when the analyst ${what} the rules decide alone, within its deadline, and the incident says so`, async () => {
    const harness = await sick(new ScriptedAnalyst(answer));
    await harness.until('analysis-ended');
    const [ended] = harness.said('analysis-ended');
    assert.equal(ended?.code, code);
    assert.equal(ended?.analysis, null);
    const begun = harness.content.entries.find(({ body }) => body.type === 'step-started')?.at ?? Number.NaN;
    assert.ok(begun - START_AT <= DEFAULT_ANALYSIS.timeoutMs + 100);
    await harness.pass(MINUTE_MS);
    assert.deepEqual(harness.acts(), ['restart web-1']);
    assert.deepEqual(harness.outcomes(), ['recovered']);
    assert.deepEqual(harness.quarantined, []);
  });
}

test('with `analysis: background` the recovery waits for nothing', async () => {
  const harness = await sick(new ScriptedAnalyst(hangs), configured('background'));
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(harness.said('analysis-ended').length, 0);
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.deepEqual(
    harness.said('analysis-ended').map(({ code }) => code),
    ['timeout'],
  );
});

test('advice in the background makes what has not begun more careful, and changes no strategy', async () => {
  const steps = [step('wait', { for: '5s' }), step('restart')];
  const of = configured('background', {
    strategies: [
      strategy(steps, { analysis: 'background' }),
      strategy([step('escalate_to_human')], { name: 'call', matchers: [], sources: [] }),
    ],
  });
  const analyst = new ScriptedAnalyst(says({ strategy: 'call', withhold: 'restarts' }));
  const harness = await sick(analyst, of);
  await harness.pass(MINUTE_MS);
  const [tempered] = harness.said('plan-tempered');
  assert.equal(tempered?.strategy, 'test');
  assert.deepEqual(
    tempered?.steps.map(({ action }) => action),
    ['wait', 'escalate_to_human'],
  );
  assert.deepEqual(harness.acts(), []);
});

test('advice that comes during a restart is taken after it', async () => {
  const of = configured('background', {
    strategies: [strategy([step('restart'), step('restart')], { analysis: 'background' })],
  });
  let answer: (answer: Answer) => void = () => undefined;
  const analyst = new ScriptedAnalyst(() => new Promise((resolve) => (answer = resolve)));
  const harness = await Harness.started(of, { analyst });
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  harness.runtime.onAct = () => harness.clock.sleep(3 * SECOND_MS);
  await harness.fire(alert('web'));
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  answer({ ok: true, analysis: analysis({ withhold: 'restarts' }), usage: USAGE });
  await harness.pass(SECOND_MS);
  assert.equal(harness.said('plan-tempered').length, 0);
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.escalations(), ['analyst-says-so']);
});

test('the analyst may have a person approve what acts, and the person may', async () => {
  const harness = await sick(new ScriptedAnalyst(says({ person: 'approve' })));
  await harness.until('approval-asked');
  assert.deepEqual(harness.acts(), []);
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'approve', 'ann', 'go on'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

test('a bolder strategy is not taken, and the incident says that it was left', async () => {
  const harness = await sick(new ScriptedAnalyst(says({ strategy: 'bold' })));
  await harness.pass(MINUTE_MS);
  assert.match(
    harness.said('plan-tempered')[0]?.reason ?? '',
    /bold does not do less than test, and is left/,
  );
  assert.equal(harness.said('plan-tempered')[0]?.changed, false);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

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

test('what a person orders is not analysed again, and nothing that was advised holds it back', async () => {
  const analyst = new ScriptedAnalyst(says({ person: 'now' }));
  const harness = await sick(analyst);
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.escalations(), ['analyst-says-so']);
  await harness.settled(harness.engine.recover('web', 'ann', 'do it'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(analyst.questions.length, 1);
});

test('what the analyst was shown when it asked is kept with the incident, for what cites it', async () => {
  const analyst = new ScriptedAnalyst(async (_question, tools) => {
    const logs = await tools.moreLogs({ lines: 10, contains: null });
    const facts = await tools.facts();
    const history = await tools.history();
    await assert.rejects(tools.query('up'), /no Prometheus is configured/);
    assert.deepEqual([logs.id, facts.id, history.id], ['E901', 'E902', 'E903']);
    assert.match(facts.text, /^web-1: exited; .*exit code 137/);
    return { ok: true, analysis: analysis(), usage: USAGE };
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

test('an agent that stops does not wait for an analyst that hangs', async () => {
  const harness = await sick(new ScriptedAnalyst(hangs), configured('background'));
  await harness.pass(SECOND_MS);
  await harness.settled(harness.engine.stop('SIGTERM', 10 * SECOND_MS));
  assert.equal(harness.bodies().at(-1)?.type, 'agent-stopped');
});
