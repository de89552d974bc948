import type { Advice, Analysis, AnalysisQuestion, Cause, Diagnosis } from '../../src/core/diagnosis.ts';
import type { Analyst, AnalystTools, Clock, Diagnoser } from '../../src/ports.ts';
import type { Plan } from '../plan/plan.ts';
import type { Random } from '../random.ts';
import { never } from '../time.ts';
import type { Cluster } from './cluster.ts';

/** What the agent's rules and its analyst are like in one world; null: there are none. */
export function makeRules({ mind }: Plan, cluster: Cluster, random: Random): Diagnoser | null {
  switch (mind.rules) {
    case 'none':
      return null;
    case 'honest':
      return { diagnose: (target) => honestly(target, cluster) };
    case 'liar':
      return { diagnose: () => anything(random) };
    default:
      return mind.rules satisfies never;
  }
}

/** Names what is really wrong, as far as a service's own logs could tell. */
function honestly(target: string, cluster: Cluster): Diagnosis {
  const containers = cluster.find(target)?.containers ?? [];
  const causes = containers.flatMap(({ illness }) =>
    illness === null || illness.shows === 'nothing'
      ? []
      : [causeOf(illness.restarts === null && illness.healsAfterMs === null ? 'no' : 'yes', 0.9)],
  );
  return { causes, unusual: [] };
}

/** Any causes, sure of anything, and now and then no diagnosis at all. */
function anything(random: Random): Diagnosis {
  if (random.chance(0.1)) throw new Error('a pattern does not compile');
  // What breaks the promises of its type must do no harm either.
  if (random.chance(0.1)) return random.pick([null, 'all is well', { causes: 7 }]) as unknown as Diagnosis;
  const helps = ['yes', 'no', 'no', 'unknown'] as const;
  const confidence = [0, 0.5, 0.8, 0.9, 1, 17, -1, Number.NaN];
  const causes = Array.from({ length: random.int(0, 4) }, () =>
    causeOf(random.pick(helps), random.pick(confidence)),
  );
  return { causes, unusual: [] };
}

function causeOf(restartHelps: Cause['restartHelps'], confidence: number): Cause {
  return {
    id: `cause-${restartHelps}`,
    group: 'simulated',
    summary: 'the simulated cause',
    restartHelps,
    confidence,
    citations: ['E1:1'],
    remedy: 'Mend it.',
  };
}

type Answer = Awaited<ReturnType<Analyst['analyse']>>;

/**
 * An analyst that would do harm if it could: it advises anything, names any strategy, is late, hangs, throws, answers
 * with what is no answer or without end, lies about what it used, and writes into its question.
 */
export class AdversarialAnalyst implements Analyst {
  readonly model = 'adversary';
  readonly #random: Random;
  readonly #clock: Clock;

  constructor(random: Random, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
  }

  analyse(question: AnalysisQuestion, tools: AnalystTools): Promise<Answer> {
    if (this.#random.chance(0.05)) throw new Error('it throws before it begins');
    return this.#answer(question, tools);
  }

  async #answer(question: AnalysisQuestion, tools: AnalystTools): Promise<Answer> {
    const random = this.#random;
    if (random.chance(0.3)) scribble(question);
    if (random.chance(0.3)) await this.#pester(tools);
    // It does not listen to its deadline.
    if (random.chance(0.6)) await this.#clock.sleep(random.int(1, 20_000));
    switch (random.int(0, 9)) {
      case 0:
        return never();
      case 1:
        throw new Error('status 500');
      case 2:
        return { ok: false, code: 'rate-limited', reason: 'status 429', usage: this.#usage() };
      case 3:
        return garbage(random);
      default:
        return { ok: true, analysis: this.#analysis(), usage: this.#usage() };
    }
  }

  async #pester(tools: AnalystTools): Promise<void> {
    const random = this.#random;
    for (let left = random.int(1, 30); left > 0; left -= 1) {
      const asked = random.pick([
        () => tools.moreLogs({ lines: random.pick([-1, 10, 1e9]), contains: random.pick([null, 'a', '']) }),
        () => tools.facts(),
        () => tools.history(),
        () => tools.query('up'),
      ])();
      await asked.catch(() => undefined); // It asks on, whatever it is told.
    }
  }

  #analysis(): Analysis {
    const random = this.#random;
    const long = random.chance(0.1) ? 'x'.repeat(200_000) : 'so it is';
    const advice: Advice = {
      from: random.pick(['analyst', 'rules'] as const),
      strategy: random.pick([
        null,
        null,
        'all',
        'looks',
        'calls',
        'asks',
        'bold',
        'hasty',
        'poisoned',
        '__proto__',
        long,
      ]),
      withhold: random.pick(['nothing', 'nothing', 'restarts', 'mutations'] as const),
      person: random.pick(['as-planned', 'as-planned', 'approve', 'now'] as const),
      reason: long,
    };
    return {
      model: long,
      causes: random.chance(0.5) ? anyCauses(random) : [],
      advice,
      confidence: random.pick([0, 1, 99, Number.NaN]),
      lookAt: [long],
      voided: 0,
      remembered: random.chance(0.2),
    };
  }

  #usage(): Extract<Answer, { ok: true }>['usage'] {
    const random = this.#random;
    const amount = () =>
      random.pick([0, 10, 400, 400, 900, 1e12, -1e6, Number.NaN, Number.POSITIVE_INFINITY]);
    return random.chance(0.7)
      ? { inputTokens: random.int(0, 300), outputTokens: random.int(0, 100), costUsd: 0, turns: 1 }
      : { inputTokens: amount(), outputTokens: amount(), costUsd: amount(), turns: amount() };
  }
}

function anyCauses(random: Random): Analysis['causes'] {
  return [causeOf(random.pick(['yes', 'no', 'unknown'] as const), random.fraction())];
}

/** What is no answer, whatever its type says. */
function garbage(random: Random): Answer {
  const cyclic: { ok: boolean; self?: unknown; analysis?: unknown } = { ok: true };
  cyclic.self = cyclic;
  cyclic.analysis = cyclic;
  const answers: readonly unknown[] = [
    undefined,
    null,
    7,
    'restart everything',
    [],
    { ok: true },
    { ok: true, analysis: 1n },
    cyclic,
  ];
  return random.pick(answers) as Answer;
}

/** Writes into everything that it was given. */
function scribble(question: AnalysisQuestion): void {
  // Its type is read-only; nothing else keeps it from being written to.
  const open = question as { -readonly [K in keyof AnalysisQuestion]: unknown };
  Object.assign(question.labels, { service: 'market-programmer-agent', alertname: '' });
  for (const cause of question.diagnosis.causes) Object.assign(cause, { restartHelps: 'yes', confidence: 1 });
  open.plan = { strategy: 'bold', steps: ['restart', 'restart'] };
  open.target = 'market-programmer-agent';
}
