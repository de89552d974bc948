import type { EscalationCode } from '../entry.ts';
import { strictestMode } from '../settings.ts';
import type { Decision } from './decision.ts';
import { targetOf } from './target.ts';

/** Hands the incident over to a person. Under `observe` the handover is journaled and nobody is called. */
export function escalate(decision: Decision, code: EscalationCode, reason: string): void {
  const { incident, context } = decision;
  const mode = strictestMode(
    context.settings.mode,
    targetOf(decision)?.mode ?? 'auto',
    incident.strategy?.mode ?? 'auto',
    context.fleet.modeOf(incident.target ?? ''),
  );
  const silent = mode === 'observe' || mode === 'off';
  decision.write({
    type: 'escalated',
    number: (incident.escalation?.number ?? 0) + 1,
    code,
    reason: silent ? `${reason} (mode is ${mode}: nobody is called)` : reason,
    channels: silent ? [] : context.settings.channels,
  });
}
