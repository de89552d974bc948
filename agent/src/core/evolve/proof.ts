import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';

/** The proof is asked for: the target is watched. */
export function foldProofStarted(state: Incident, body: BodyOf<'verification-started'>): Incident {
  return {
    ...state,
    phase: { kind: 'verifying', index: body.index, until: body.until, well: null, seen: '' },
  };
}

/** The proof failed, or ran out of time; one that held ends the incident. */
export function foldProofEnded(state: Incident): Incident {
  return state.phase.kind === 'verifying'
    ? { ...state, unverified: false, disproved: true, phase: { kind: 'ready', index: state.phase.index } }
    : state;
}

/** What was seen before counts no more: the next look is written down even if it sees the same. */
export function foldSoakRestarted(state: Incident): Incident {
  const { phase } = state;
  if (phase.kind !== 'verifying' && phase.kind !== 'escalated') return state;
  return { ...state, phase: { ...phase, well: null, seen: '' } };
}
