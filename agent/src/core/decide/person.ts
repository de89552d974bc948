import type { Incident } from '../incident.ts';
import type { PersonCommand } from '../personCommand.ts';
import type { Decision } from './decision.ts';
import { escalate } from './escalate.ts';
import { advance, planStrategy, startLook } from './steps.ts';

/** Why a command is not possible for an incident as it stands, or null. */
export function objectionTo(incident: Incident, command: PersonCommand): string | null {
  const { phase, target } = incident;
  if (phase.kind === 'ended') return 'the incident has ended';
  switch (command) {
    case 'acknowledge':
      if (incident.escalation === null) return 'it is not escalated';
      return incident.escalation.acknowledged === null
        ? null
        : `${incident.escalation.acknowledged.by} has it already`;
    case 'close':
      return phase.kind === 'mutating' || phase.kind === 'unsure'
        ? 'a mutation is under way; wait until it is known how it ended'
        : null;
    case 'recover':
      if (target === null) return 'it has no target';
      return phase.kind === 'escalated' ? null : 'it is not with a person: the agent is at work on it';
    case 'approve':
    case 'deny':
      return phase.kind === 'approving' ? null : 'it does not wait for an approval';
    default:
      return command satisfies never;
  }
}

/** A person's word to an incident; `objectionTo` was asked before. */
export function onPerson(decision: Decision, command: PersonCommand, who: string, reason: string): void {
  const { phase } = decision.incident;
  if (objectionTo(decision.incident, command) !== null) return;
  decision.write({ type: 'person-said', command, who, reason });
  switch (command) {
    case 'acknowledge':
      return;
    case 'close':
      decision.write({ type: 'incident-ended', outcome: 'closed-by-person', reason: `${who}: ${reason}` });
      return;
    case 'recover':
      if (decision.incident.phase.kind === 'gathering') return;
      if (planStrategy(decision)) advance(decision);
      return;
    case 'approve':
      if (phase.kind === 'approving') startLook(decision, phase.index, `approved by ${who}`);
      return;
    case 'deny':
      escalate(decision, 'approval-denied', `${who} denied it: ${reason}`);
      return;
    default:
      command satisfies never;
  }
}
