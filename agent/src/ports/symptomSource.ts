import type { AlertView } from '../core/incident.ts';
import type { SymptomResult } from '../core/observation.ts';

/** Says whether an alert's symptom is still there. Never rejects: what cannot be told is `unknown`. */
export interface SymptomSource {
  readonly name: string;
  ask(fingerprint: string, alert: AlertView, signal: AbortSignal): Promise<SymptomResult>;
}
