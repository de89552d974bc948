import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';

/** Evidence is in; what comes after the first of it lets nothing begin anew. */
export function foldEvidence(state: Incident, body: BodyOf<'evidence-gathered'>): Incident {
  return {
    ...state,
    evidence: state.evidence + body.items.length,
    phase: state.phase.kind === 'gathering' ? { kind: 'ready', index: 0 } : state.phase,
  };
}

/** What the rules make of the evidence: their advice is to be heard once more. */
export function foldDiagnosed(state: Incident, body: BodyOf<'diagnosed'>): Incident {
  return { ...state, diagnosis: body.diagnosis, heeded: { ...state.heeded, rules: false } };
}
