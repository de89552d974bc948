import type { AnalysisCode } from '../core/diagnosis.ts';
import type { EscalationCode } from '../core/escalationCode.ts';
import type { Signal } from '../core/signal.ts';
import type { Instruments } from './instruments.ts';

const SOURCES: { readonly [source in Signal['source']]: true } = {
  alertmanager: true,
  probe: true,
  runtime: true,
  person: true,
};

const ESCALATION_CODES: { readonly [code in EscalationCode]: true } = {
  'protected-target': true,
  'no-target': true,
  'ambiguous-target': true,
  'no-strategy': true,
  placeholder: true,
  'strategy-says-so': true,
  'strategy-exhausted': true,
  'step-failed': true,
  'not-verified': true,
  'guard-refused': true,
  'approval-wanted': true,
  'approval-denied': true,
  'approval-expired': true,
  'target-not-seen': true,
  deadline: true,
  'decision-failed': true,
  'observe-only': true,
  'fleet-panic': true,
  'restart-cannot-help': true,
  'analyst-says-so': true,
};

const ANALYSIS_CODES: { readonly [code in AnalysisCode]: true } = {
  answered: true,
  remembered: true,
  timeout: true,
  'rate-limited': true,
  unavailable: true,
  refused: true,
  malformed: true,
  'budget-spent': true,
  'breaker-open': true,
};

/** A series that begins with its first event shows no increase to `rate`: closed sets begin at zero. */
export function beginAtZero({
  signals,
  escalations,
  verifications,
  analyses,
  restartsAvoided,
}: Instruments): void {
  for (const source of Object.keys(SOURCES)) signals.inc({ source }, 0);
  for (const reason of Object.keys(ESCALATION_CODES)) escalations.inc({ reason }, 0);
  for (const result of Object.keys(ANALYSIS_CODES)) analyses.inc({ result }, 0);
  for (const source of ['rules', 'analyst']) restartsAvoided.inc({ source }, 0);
  for (const result of ['verified', 'not-verified']) verifications.inc({ result }, 0);
}
