import type { EscalationCode } from '../escalationCode.ts';
import { strictestMode } from '../settings.ts';
import type { Mode } from '../target.ts';
import type { Decision } from './decision.ts';
import { targetOf } from './target.ts';

/** Hands the incident over to a person. Under `observe` the handover is journaled and nobody is called. */
export function escalate(decision: Decision, code: EscalationCode, reason: string): void {
  const { incident, context } = decision;
  const mode = modeInForce(decision);
  const silent = isSilent(mode);
  decision.write({
    type: 'escalated',
    number: (incident.escalation?.number ?? 0) + 1,
    code,
    reason: silent ? `${reason} (mode is ${mode}: nobody is called)` : reason,
    channels: silent ? [] : context.settings.channels,
  });
}

/**
 * A handover that called nobody, since the mode then was `observe`, calls once the mode lets it: the incident stays
 * with its person and takes in all that still fires, so otherwise nobody would ever hear of it.
 */
export function callIfNobodyWas(decision: Decision): void {
  const { incident, context } = decision;
  const { phase, escalation } = incident;
  if (phase.kind !== 'escalated' || escalation === null) return;
  if (escalation.deliveries.size > 0 || escalation.acknowledged !== null) return;
  if (context.settings.channels.length === 0 || isSilent(modeInForce(decision))) return;
  escalate(
    decision,
    escalation.code,
    `nobody was called before${incident.target === null ? '' : ', and it is not over'}: ${escalation.reason}`,
  );
}

/** The strictest mode of all levels, as it is now. */
export function modeInForce(decision: Decision): Mode {
  const { incident, context } = decision;
  return strictestMode(
    context.settings.mode,
    targetOf(decision)?.mode ?? 'auto',
    incident.strategy?.mode ?? 'auto',
    context.fleet.modeOf(incident.target ?? ''),
  );
}

function isSilent(mode: Mode): boolean {
  return mode === 'observe' || mode === 'off';
}
