import type { Diagnosis } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/entry.ts';
import type { Diagnoser } from '../ports.ts';
import { wordsOf } from './deadline.ts';
import { soundDiagnosis } from './sound.ts';

/** What the rules make of evidence. A diagnoser that throws is a miss that is told, and holds up nothing. */
export function diagnose(
  diagnoser: Diagnoser | null,
  target: string,
  evidence: readonly EvidenceItem[],
  past: readonly string[],
): { readonly diagnosis: Diagnosis | null; readonly missing: readonly string[] } {
  if (diagnoser === null) return { diagnosis: null, missing: [] };
  try {
    return { diagnosis: soundDiagnosis(diagnoser.diagnose(target, evidence, past)), missing: [] };
  } catch (error) {
    return { diagnosis: null, missing: [`diagnosis: ${wordsOf(error).slice(0, 300)}`] };
  }
}
