import type { Advice, Analysis, AnalysisQuestion, AnalysisUsage } from '../../src/core/diagnosis.ts';
import { DEFAULT_ANALYSIS, type Settings } from '../../src/core/settings.ts';
import type { Strategy } from '../../src/core/strategy.ts';
import type { Analyst, AnalystTools } from '../../src/ports.ts';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

/** What an answer took. */
export const USAGE: AnalysisUsage = { inputTokens: 900, outputTokens: 100, costUsd: 0.01, turns: 1 };

/** The plan that the analyst is asked about. */
export const STEPS = [step('check_logs'), step('restart'), step('check_health'), step('escalate_to_human')];

/** Settings with an analyst; beside the plan there is a strategy that does less, and one that does more. */
export function configured(analysis: Strategy['analysis'] = 'wait', rest: Partial<Settings> = {}): Settings {
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

/** What an analyst answers: an analysis, or why there is none. */
export type Answer = Awaited<ReturnType<Analyst['analyse']>>;

/** An analyst that is asked and answers by a script; it keeps what it was asked. */
export class ScriptedAnalyst implements Analyst {
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

/** An answer with this advice. */
export function advising(advice: Partial<Advice> = {}): Answer {
  return { ok: true, analysis: analysis(advice), usage: USAGE };
}

/** Answers at once, with this advice. */
export const says = (advice: Partial<Advice>) => async (): Promise<Answer> => advising(advice);

/** Never answers, and does not listen to its deadline either. */
export const hangs = () => new Promise<Answer>(() => undefined);

/** An analyst that thinks until the test has it answer. */
export function thinking() {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  return { analyst: new ScriptedAnalyst(() => promise), answer: resolve };
}

/** A target that died, and an analyst that is asked about it. */
export async function sick(analyst: Analyst, of: Settings = configured()): Promise<Harness> {
  const harness = await Harness.started(of, { analyst });
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  return harness;
}
