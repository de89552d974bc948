import type { BodyOf } from '../entry.ts';
import { waitsFor } from '../guards/answer.ts';
import type { Incident } from '../incident.ts';
import { carriedBy, NOTHING_TOLD } from './carried.ts';

/** Just before a mutating step the target is looked at. */
export function foldLookStarted(state: Incident, body: BodyOf<'look-started'>): Incident {
  return {
    ...state,
    phase: {
      kind: 'looking',
      index: body.index,
      by: body.by,
      told: state.phase.kind === 'held' ? state.phase.told : NOTHING_TOLD,
      ...carriedBy(state.phase),
    },
  };
}

/** The guards were asked about the step. */
export function foldGuardsAnswered(state: Incident, body: BodyOf<'guards-answered'>): Incident {
  return state.phase.kind === 'looking'
    ? {
        ...state,
        phase: { ...state.phase, told: { ...state.phase.told, waitsFor: waitsFor(body.answers) } },
      }
    : state;
}

/** The step waits. A wait that is wanted puts off the deadline by all of it. */
export function foldHeld(state: Incident, body: BodyOf<'step-held'>, at: number): Incident {
  return {
    ...state,
    blindSince: body.blind ? (state.blindSince ?? at) : null,
    deadlineAt: state.deadlineAt + (body.patient ? body.until - at : 0),
    phase: {
      kind: 'held',
      index: body.index,
      until: body.until,
      reason: body.reason,
      patient: body.patient,
      told: state.phase.kind === 'looking' ? state.phase.told : NOTHING_TOLD,
      ...carriedBy(state.phase),
    },
  };
}
