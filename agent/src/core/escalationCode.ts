/** Why a person is called; stable, for filters and metrics. */
export const ESCALATION_CODES = [
  'protected-target',
  'no-target',
  'ambiguous-target',
  'no-strategy',
  'placeholder',
  'strategy-says-so',
  'strategy-exhausted',
  'step-failed',
  'not-verified',
  'guard-refused',
  'approval-wanted',
  'approval-denied',
  'approval-expired',
  'target-not-seen',
  'deadline',
  'decision-failed',
  'observe-only',
  'fleet-panic',
  /** The rules know a cause that a restart cannot remove. */
  'restart-cannot-help',
  /** The analyst would rather have a person look than have the agent act. */
  'analyst-says-so',
] as const;

export type EscalationCode = (typeof ESCALATION_CODES)[number];
