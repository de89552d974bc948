import type { Advice } from './diagnosis.ts';
import { doesNoMore, mutatingSteps, type Plan } from './gentler.ts';
import { strictestMode } from './settings.ts';
import type { Step } from './strategy.ts';

export type { Plan } from './gentler.ts';

/** A plan after advice. */
export type Tempered = {
  readonly plan: Plan;
  readonly changed: boolean;
  /** Actions of the mutating steps that are no longer done, in their order. */
  readonly withheld: readonly string[];
  /** What became of the advice, in words. */
  readonly reason: string;
};

const RESTARTS: ReadonlySet<string> = new Set(['restart', 'start']);

/** Whether an action runs the same thing anew. */
export function isRestart(action: string): boolean {
  return RESTARTS.has(action);
}

/**
 * Makes a plan more careful, as far as the advice asks for it. **It can only lower autonomy**: whatever the advice says,
 * the mutating steps that are left are the first ones of the plan's, each as it was, and each after waits at least as
 * long; the mode is at least as strict. No step is added but a handover to a person. What would do more is left as it
 * was, and the reason says so.
 *
 * @param alternatives Other configured strategies that may be taken instead; none when steps have begun.
 */
export function temper(plan: Plan, advice: Advice, alternatives: readonly Plan[]): Tempered {
  const said: string[] = [];
  const chosen = takeStrategy(plan, advice, alternatives, said);
  const held = holdBack(chosen, advice, said);
  const careful = askPerson(held, advice, said);
  const kept = mutatingSteps(careful.steps).length;
  const withheld = mutatingSteps(plan.steps)
    .slice(kept)
    .map(({ action }) => action);
  return {
    plan: careful,
    changed: careful !== plan,
    withheld,
    reason: said.length === 0 ? advice.reason : [advice.reason.replace(/[.;\s]+$/, ''), ...said].join('; '),
  };
}

/** Whether the advice asks for anything at all. */
export function asksForCare({ strategy, withhold, person }: Advice): boolean {
  return strategy !== null || withhold !== 'nothing' || person !== 'as-planned';
}

function takeStrategy(plan: Plan, { strategy }: Advice, alternatives: readonly Plan[], said: string[]): Plan {
  if (strategy === null || strategy === plan.strategy) return plan;
  const candidate = alternatives.find((alternative) => alternative.strategy === strategy);
  if (candidate === undefined) {
    said.push('the strategy that it names is not one that could be taken here, and is left');
    return plan;
  }
  const merged = { ...candidate, mode: strictestMode(plan.mode, candidate.mode) };
  if (isGentler(merged, plan)) {
    said.push(`strategy ${candidate.strategy} does less than ${plan.strategy}, and is taken instead`);
    return merged;
  }
  said.push(`strategy ${candidate.strategy} does not do less than ${plan.strategy}, and is left`);
  return plan;
}

/** Whether a plan does less than another: nothing more, and something that the other does not do. */
export function isGentler(candidate: Plan, plan: Plan): boolean {
  return doesNoMore(candidate, plan) && !doesNoMore(plan, candidate);
}

function holdBack(plan: Plan, advice: Advice, said: string[]): Plan {
  if (advice.person === 'now') {
    if (plan.steps.length === 1 && plan.steps[0]?.handover !== undefined) return plan;
    said.push('a person is called now');
    return { ...plan, steps: [handover(advice)] };
  }
  if (advice.withhold === 'nothing') return plan;
  const isWithheld = ({ kind, action }: Step) =>
    kind === 'mutating' && (advice.withhold === 'mutations' || isRestart(action));
  const end = plan.steps.findIndex(({ kind }) => kind === 'escalating');
  const reached = end === -1 ? plan.steps : plan.steps.slice(0, end);
  const first = reached.findIndex(isWithheld);
  if (first === -1) {
    said.push('nothing of that kind is planned');
    return plan;
  }
  said.push(`${plan.steps[first]?.action} is withheld, and a person is called instead`);
  // What was only to be looked at before the withheld step serves nothing any more.
  const kept = plan.steps.slice(0, first);
  const last = kept.findLastIndex(({ kind }) => kind === 'mutating');
  return { ...plan, steps: [...kept.slice(0, last + 1), handover(advice)] };
}

function askPerson(plan: Plan, advice: Advice, said: string[]): Plan {
  if (advice.person !== 'approve') return plan;
  const mode = strictestMode(plan.mode, 'approve');
  if (mode === plan.mode || mutatingSteps(plan.steps).length === 0) return plan;
  said.push('a person approves each step that acts');
  return { ...plan, mode };
}

function handover({ from, reason }: Advice): Step {
  return {
    action: 'escalate_to_human',
    kind: 'escalating',
    parameters: { reason },
    timeoutMs: 0,
    onFailure: 'stop',
    handover: from === 'rules' ? 'restart-cannot-help' : 'analyst-says-so',
  };
}
