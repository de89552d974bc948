import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';
import { closeAttempt, withAttempt } from './attempts.ts';

/** A step that changes nothing is under way. */
export function foldStepStarted(state: Incident, body: BodyOf<'step-started'>, at: number): Incident {
  const { index, action, until } = body;
  return withAttempt(
    { ...state, phase: { kind: 'acting', index, action, until } },
    { index, action, instance: null, startedAt: at },
  );
}

/** An action answered. A mutation whose answer was lost is one of which nobody knows whether it happened. */
export function foldActionEnded(state: Incident, body: BodyOf<'action-ended'>): Incident {
  const { index, instance, result } = body;
  const closed = closeAttempt(state, result.outcome, result.reason);
  const { phase } = state;
  if (
    phase.kind === 'mutating' &&
    phase.index === index &&
    phase.instance === instance &&
    result.outcome === 'unknown'
  ) {
    return { ...closed, phase: { ...phase, kind: 'unsure' } };
  }
  return closed;
}

/** The step is over, and the next one follows. */
export function foldStepEnded(state: Incident, body: BodyOf<'step-ended'>): Incident {
  return { ...state, phase: { kind: 'ready', index: body.index + 1 } };
}
