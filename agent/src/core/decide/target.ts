import type { Target, Verification } from '../target.ts';
import type { Decision } from './decision.ts';

/** The incident's target as configuration and discovery know it now; null when it has none or it is no longer known. */
export function targetOf({ incident, context }: Decision): Target | null {
  return context.targets.find(({ name }) => name === incident.target) ?? null;
}

/** How recovery is to be proved here. */
export function verificationOf(decision: Decision): Verification {
  return targetOf(decision)?.verification ?? decision.context.settings.verification;
}
