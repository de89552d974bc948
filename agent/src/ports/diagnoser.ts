import type { Diagnosis } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/evidence.ts';

/** Recognises causes in evidence by rules alone: in the process, at once, and without a call to anywhere. */
export interface Diagnoser {
  /**
   * Never throws for what the evidence holds. `past`: older lines of the same target, oldest first, against which the
   * lines of the evidence are new or rare.
   */
  diagnose(target: string, evidence: readonly EvidenceItem[], past: readonly string[]): Diagnosis;
}
