import type { Cause } from '../core/diagnosis.ts';
import type { Escalation, Incident } from '../core/incident.ts';
import type { EscalationMessage } from '../ports.ts';

/** Causes that an escalation tells. */
const CAUSES_TOLD_MAX = 5;

/** What a person is told of an incident; `link` is where the whole story can be read. */
export function escalationMessage(
  incident: Incident,
  escalation: Escalation,
  link: string,
): EscalationMessage {
  return {
    incident: incident.id,
    number: escalation.number,
    target: incident.target,
    code: escalation.code,
    reason: escalation.reason,
    severity: escalation.code === 'approval-wanted' ? 'warning' : 'critical',
    openedAt: incident.openedAt,
    at: escalation.at,
    alerts: [...incident.alerts.values()].map(({ name, labels }) => ({ name, labels })),
    attempts: incident.attempts,
    causes: causesOf(incident),
    strategy: incident.strategy?.name ?? null,
    link,
  };
}

/** Why what a person was told is over, for those who were told. */
export function whyOver({ phase, escalation }: Incident): string {
  if (phase.kind === 'ended') return `it ended: ${phase.outcome}`;
  if (escalation?.acknowledged === null && escalation.code === 'approval-wanted')
    return 'no approval is wanted any more';
  return escalation?.acknowledged === null || escalation === null
    ? 'it is over'
    : `${escalation.acknowledged.by} has it`;
}

/** What the rules and the analyst took for likely, the surest first; each cause once. */
function causesOf({ diagnosis, asked }: Incident): readonly Cause[] {
  const all = [...(diagnosis?.causes ?? []), ...(asked?.analysis?.causes ?? [])];
  const byId = new Map(
    all.toSorted((one, other) => one.confidence - other.confidence).map((cause) => [cause.id, cause]),
  );
  return [...byId.values()]
    .toSorted((one, other) => other.confidence - one.confidence)
    .slice(0, CAUSES_TOLD_MAX);
}
