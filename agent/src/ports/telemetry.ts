import type { Entry } from '../core/entry.ts';
import type { Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';

/** What the engine tells about itself, for metrics and logs. */
export interface Telemetry {
  /** The journal is folded anew: what was known of incidents is forgotten. */
  restoring(): void;
  /** What the journal held of an incident that is not settled: known from then on, and not news. */
  entryRestored(entry: Entry): void;
  entryAppended(entry: Entry): void;
  /** @param error Why it failed; with `ok` there is none. */
  journalCommitted(durationMs: number, ok: boolean, error?: unknown): void;
  effectStarted(kind: string): void;
  effectEnded(kind: string, durationMs: number): void;
  /** An effect threw: a defect, or a journal that could not be written. */
  effectFailed(kind: string, incident: string, error: unknown): void;
  observed(target: Target, observation: Observation): void;
  incidentQuarantined(incident: string, error: unknown): void;
  /** What is watched for the agent as a whole threw, a defect: its clock, or the fleet; it is watched on. */
  watchFailed(what: 'clock' | 'fleet', error: unknown): void;
}
