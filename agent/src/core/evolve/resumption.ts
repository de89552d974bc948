import type { Incident } from '../incident.ts';

/** After a restart of the agent: what was under way is not known to have happened, and no soak was watched. */
export function foldResumed(before: Incident, at: number): Incident {
  const { phase, asked } = before;
  const state =
    asked === null || asked.over || at >= asked.by
      ? before
      : { ...before, asked: { ...asked, repeats: asked.repeats + 1 } };
  switch (phase.kind) {
    case 'gathering':
      // Evidence before action, also now: it is gathered anew, with all of its time.
      return { ...state, phase: { ...phase, by: at + phase.allowedMs } };
    case 'mutating':
      return { ...state, phase: { ...phase, kind: 'unsure' } };
    case 'verifying':
    case 'escalated':
      // What was seen before counts no more: the next look is written down even if it sees the same.
      return { ...state, phase: { ...phase, well: null, seen: '' } };
    default:
      return state;
  }
}
