import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';
import { closeAttempt, withAttempt } from './attempts.ts';
import { carriedBy } from './carried.ts';

/** A call that acts is about to be made. */
export function foldMutationStarted(state: Incident, body: BodyOf<'mutation-started'>, at: number): Incident {
  const { index, instance, instanceId, run, remaining, until, action } = body;
  return withAttempt(
    {
      ...state,
      mutated: true,
      unverified: true,
      disproved: false,
      mutations: state.mutations + (body.counts ? 1 : 0),
      blindSince: null,
      phase: {
        kind: 'mutating',
        approved: carriedBy(state.phase).approved,
        index,
        instance,
        instanceId,
        run,
        remaining,
        startedAt: at,
        until,
      },
    },
    { index, action, instance, startedAt: at },
  );
}

/** Whether a mutation without an answer happened is known now. */
export function foldMutationConfirmed(state: Incident, body: BodyOf<'mutation-confirmed'>): Incident {
  return closeAttempt(state, body.verdict, body.reason);
}

/** One instance of several is done, and the next waits for it. */
export function foldSettling(state: Incident, body: BodyOf<'settling'>): Incident {
  const { index, instance, remaining, until } = body;
  const { approved } = carriedBy(state.phase);
  return { ...state, phase: { kind: 'settling', index, approved, instance, remaining, until } };
}
