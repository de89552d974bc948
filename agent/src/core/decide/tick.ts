import { UNPLACED_MAX_MS } from '../effects.ts';
import { duration } from '../words.ts';
import { endLateAnalysis } from './analysis.ts';
import type { Decision } from './decision.ts';
import { callIfNobodyWas, escalate, modeInForce } from './escalate.ts';
import { onBlind } from './look.ts';
import { advance, endStep, startLook } from './steps.ts';
import { onProofTimeout, onSettleTimeout } from './watch.ts';

/** Time has passed: whatever deadline is over by now has its consequence. A tick that comes early changes nothing. */
export function onTick(decision: Decision): void {
  endLateAnalysis(decision);
  const { incident, context } = decision;
  const { phase } = incident;
  const { now } = context;
  const busy = phase.kind === 'mutating' || phase.kind === 'unsure';
  if (!busy && phase.kind !== 'escalated' && phase.kind !== 'ended' && now >= incident.deadlineAt) {
    const took = duration(now - incident.openedAt);
    escalate(
      decision,
      'deadline',
      `not recovered within ${took}${phase.kind === 'held' ? `; it waited: ${phase.reason}` : ''}`,
    );
    return;
  }
  switch (phase.kind) {
    case 'gathering':
      if (now >= phase.by) {
        decision.write({
          type: 'evidence-gathered',
          items: [],
          missing: ['everything: the time for it was over'],
        });
        advance(decision);
      }
      return;
    case 'ready':
      advance(decision);
      return;
    case 'acting':
      if (now >= phase.until) onActingTimeout(decision, phase.index);
      return;
    case 'looking':
      if (now >= phase.by) onBlind(decision, phase.index, 'the look did not end in time');
      return;
    case 'held':
      if (now >= phase.until) startLook(decision, phase.index, 'the wait is over');
      return;
    case 'approving':
      if (now >= phase.until)
        escalate(decision, 'approval-expired', `nobody approved in time: ${phase.reason}`);
      return;
    case 'mutating':
      if (now >= phase.until) {
        const reason = 'no answer in time; what happened is looked for';
        decision.write({
          type: 'action-ended',
          index: phase.index,
          instance: phase.instance,
          result: { outcome: 'unknown', reason, output: null },
        });
      }
      return;
    case 'settling':
      if (now >= phase.until) onSettleTimeout(decision);
      return;
    case 'verifying':
      if (now >= phase.until) onProofTimeout(decision);
      return;
    case 'escalated':
      if (incident.target === null && now - incident.openedAt >= UNPLACED_MAX_MS) {
        decision.write({
          type: 'incident-ended',
          outcome: 'expired',
          reason: 'nothing was heard of it any more',
        });
      }
      return;
    case 'analysing':
    case 'unsure':
    case 'ended':
      return;
    default:
      phase satisfies never;
  }
}

/** What it waited for may be over: it is looked at again, and the guards are asked again. */
export function onPoke(decision: Decision, reason: string): void {
  const { phase } = decision.incident;
  if (phase.kind === 'held') startLook(decision, phase.index, reason);
  // A person who is asked still is, unless there is nothing to approve any more.
  else if (phase.kind === 'approving' && modeInForce(decision) !== 'approve')
    startLook(decision, phase.index, reason);
  else callIfNobodyWas(decision);
}

function onActingTimeout(decision: Decision, index: number): void {
  const waited = decision.incident.strategy?.steps[index]?.kind === 'waiting';
  if (waited) {
    endStep(decision, index, 'succeeded', 'waited');
    return;
  }
  const result = { outcome: 'failed', reason: 'not done in time', output: null } as const;
  decision.write({ type: 'action-ended', index, instance: null, result });
  endStep(decision, index, 'failed', result.reason);
}
