import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';
import { leaveBehind } from './attempts.ts';

/** The plan is made: its first step is next. */
export function foldChosen(state: Incident, body: BodyOf<'strategy-chosen'>): Incident {
  return {
    ...state,
    strategy: { name: body.strategy, mode: body.mode, steps: body.steps },
    attempts: leaveBehind(state.attempts),
    mutated: false,
    unverified: false,
    disproved: false,
    phase: { kind: 'ready', index: 0 },
  };
}

/** What has begun stays; a look or a wait before a step that is open to change is over, and the step begins anew. */
export function foldTempered(state: Incident, body: BodyOf<'plan-tempered'>): Incident {
  const { phase } = state;
  const anew = (phase.kind === 'looking' || phase.kind === 'held') && phase.index === body.index;
  return {
    ...state,
    strategy: { name: body.strategy, mode: body.mode, steps: body.steps },
    heeded: { ...state.heeded, [body.from]: true },
    phase: anew ? { kind: 'ready', index: body.index } : phase,
  };
}
