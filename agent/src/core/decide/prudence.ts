import { adviceOf } from '../advice.ts';
import { alternativesTo } from '../alternatives.ts';
import type { Advice } from '../diagnosis.ts';
import { asksForCare, type Plan, temper } from '../temper.ts';
import type { Decision } from './decision.ts';

/**
 * Lets what was advised until now make what is left of the plan more careful; what has begun stays as it is. Where a
 * person ordered the recovery, the person knows what was advised, and it counts no more.
 */
export function takeAdvice(decision: Decision): void {
  const { diagnosis, asked, heeded, orderedBy, strategy } = decision.incident;
  if (strategy === null || orderedBy !== null) return;
  const rules =
    diagnosis === null || heeded.rules ? null : adviceOf(diagnosis, decision.context.settings.diagnosis);
  if (rules !== null) heed(decision, rules);
  const analyst = heeded.analyst ? null : (asked?.analysis?.advice ?? null);
  if (analyst !== null) heed(decision, analyst);
}

function heed(decision: Decision, advice: Advice): void {
  const { strategy } = decision.incident;
  const index = openFrom(decision);
  if (strategy === null || index === null || !asksForCare(advice)) return;
  const plan: Plan = {
    strategy: strategy.name,
    mode: strategy.mode,
    steps: strategy.steps.slice(index),
  };
  const {
    plan: careful,
    changed,
    withheld,
    reason,
  } = temper(
    plan,
    advice,
    index === 0 ? alternativesTo(plan, decision.incident, decision.context.settings.strategies) : [],
  );
  // What the rules know is in the diagnosis; of the analyst it is told also what was not taken.
  if (!changed && advice.from === 'rules') return;
  decision.write({
    type: 'plan-tempered',
    from: advice.from,
    index,
    strategy: careful.strategy,
    mode: careful.mode,
    steps: [...strategy.steps.slice(0, index), ...careful.steps],
    changed,
    withheld,
    reason,
  });
}

/** The first step that has not begun; null where that is not to be told now, and is asked again later. */
function openFrom({ incident: { phase } }: Decision): number | null {
  switch (phase.kind) {
    case 'analysing':
      return 0;
    case 'ready':
      return phase.index;
    case 'acting':
    case 'approving':
      // Whether this step is done is with its person.
      return phase.index + 1;
    case 'looking':
    case 'held':
      return phase.approved || phase.remaining !== null ? phase.index + 1 : phase.index;
    case 'gathering':
    case 'mutating':
    case 'unsure':
    case 'settling':
    case 'verifying':
    case 'escalated':
    case 'ended':
      return null;
    default:
      return phase satisfies never;
  }
}
