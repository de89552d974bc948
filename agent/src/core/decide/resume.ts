import type { Decision } from './decision.ts';
import { callIfNobodyWas } from './escalate.ts';
import { startStep, startVerification } from './steps.ts';
import { verificationOf } from './target.ts';
import { onTick } from './tick.ts';

/**
 * The agent was away. What it only watched or read begins anew, with all of its time: nothing was seen meanwhile,
 * and nobody may be called, or a step counted as failed, for what was not looked at. Waits and approvals keep
 * their deadlines, and so does the incident.
 */
export function onResumed(decision: Decision): void {
  decision.write({ type: 'resumed' });
  const { incident, context } = decision;
  const { phase, strategy } = incident;
  switch (phase.kind) {
    case 'verifying':
      startVerification(decision, phase.index, 'the agent was away');
      break;
    case 'settling': {
      const { index, instance, remaining } = phase;
      const until = context.now + verificationOf(decision).timeoutMs;
      decision.write({ type: 'settling', index, instance, remaining, until });
      break;
    }
    case 'acting': {
      const step = strategy?.steps[phase.index];
      if (step?.kind !== 'observing') break;
      const reason = 'the agent was away; it is done again';
      const result = { outcome: 'unknown', reason, output: null } as const;
      decision.write({ type: 'action-ended', index: phase.index, instance: null, result });
      startStep(decision, phase.index, step);
      break;
    }
    case 'gathering':
    case 'ready':
    case 'analysing':
    case 'looking':
    case 'held':
    case 'approving':
    case 'mutating':
    case 'unsure':
    case 'ended':
      break;
    case 'escalated':
      // Where there is a target the watch over it does this, once it was seen.
      if (incident.target === null) callIfNobodyWas(decision);
      break;
    default:
      phase satisfies never;
  }
  onTick(decision);
}
