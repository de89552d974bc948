import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';
import { type Health, isAnswering, type Observation, runsOf } from '../observation.ts';
import { confirmedBy } from '../symptom.ts';

/** What a look saw: told of the step before which it was made, or watched for a soak. */
export function foldObserved(before: Incident, body: BodyOf<'observed'>, at: number): Incident {
  const { observation, health } = body;
  const alerts = confirmedBy(before.alerts, observation);
  const state = alerts === before.alerts ? before : { ...before, alerts };
  const { phase } = state;
  if (phase.kind === 'looking') {
    const told = { seen: seenAs(observation, health), waitsFor: '' };
    const blindSince = health.verdict === 'unknown' ? state.blindSince : null;
    return { ...state, blindSince, phase: { ...phase, told } };
  }
  if (phase.kind !== 'verifying' && phase.kind !== 'escalated') return state;
  const seen = seenAs(observation, health);
  const sound = health.verdict === 'well' || isAnswering(observation);
  if (!sound) return { ...state, phase: { ...phase, well: null, seen } };
  const runs = runsOf(observation);
  // Of the look and the entry the later one: a look that was under way when the clock jumped shortens no soak.
  const begun = { at: Math.max(observation.at, at), runs };
  const well = phase.well !== null && phase.well.runs === runs ? phase.well : begun;
  return { ...state, phase: { ...phase, well, seen } };
}

/** What a watch saw, short enough to compare: a look that differs in it is worth an entry. */
export function seenAs(observation: Observation, health: Health): string {
  if (health.verdict === 'well') return `well ${runsOf(observation)}`;
  if (isAnswering(observation)) return `answering ${runsOf(observation)}`;
  return `${health.verdict} ${health.reason}`;
}
