import { ANALYSIS_CODES } from '../core/diagnosis.ts';
import { ESCALATION_CODES } from '../core/escalationCode.ts';
import type { Signal } from '../core/signal.ts';
import type { Instruments } from './instruments.ts';

const SOURCES: { readonly [source in Signal['source']]: true } = {
  alertmanager: true,
  probe: true,
  runtime: true,
  person: true,
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
  for (const reason of ESCALATION_CODES) escalations.inc({ reason }, 0);
  for (const result of ANALYSIS_CODES) analyses.inc({ result }, 0);
  for (const source of ['rules', 'analyst']) restartsAvoided.inc({ source }, 0);
  for (const result of ['verified', 'not-verified']) verifications.inc({ result }, 0);
}
