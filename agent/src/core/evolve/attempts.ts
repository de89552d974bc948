import type { Attempt, Incident } from '../incident.ts';

/** Attempts kept in the state; the journal keeps all. */
const ATTEMPTS_MAX = 100;

/** One more use of an action, under way. */
export function withAttempt(
  state: Incident,
  attempt: Pick<Attempt, 'index' | 'action' | 'instance' | 'startedAt'>,
): Incident {
  const { index, action, instance, startedAt } = attempt;
  const begun: Attempt = { index, action, instance, startedAt, outcome: 'under way', reason: '' };
  return { ...state, attempts: [...state.attempts, begun].slice(-ATTEMPTS_MAX) };
}

/** What was tried by the plans so far is told to people, and says nothing of how the steps of the next plan stand. */
export function leaveBehind(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.length === 0 ? attempts : attempts.map((attempt) => ({ ...attempt, ofEarlierPlan: true }));
}

/** The uses of one step of the plan in force, oldest first. */
export function attemptsAt({ attempts }: Pick<Incident, 'attempts'>, index: number): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.index === index && attempt.ofEarlierPlan === undefined);
}

/** How the last use of an action went. */
export function closeAttempt(state: Incident, outcome: Attempt['outcome'], reason: string): Incident {
  const last = state.attempts.at(-1);
  if (last === undefined) return state;
  return { ...state, attempts: [...state.attempts.slice(0, -1), { ...last, outcome, reason }] };
}
