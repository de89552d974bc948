import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';
import { NewerEntryError } from '../newerEntry.ts';
import { NOTHING_TOLD } from './carried.ts';

/** A person's word to the incident. What it ends or refuses is decided of it, and comes as an entry of its own. */
export function foldPerson(state: Incident, body: BodyOf<'person-said'>, at: number): Incident {
  switch (body.command) {
    case 'acknowledge':
      return taken(state, body.who, at);
    case 'approve':
      return approved(state, body.who, at);
    case 'recover':
      return begunAnew(state, body.who, at);
    case 'close':
    case 'deny':
      return state;
    default:
      throw new NewerEntryError(`person-said ${body.command satisfies never}`);
  }
}

/** Somebody has it: the channels need not say it again. */
function taken(state: Incident, by: string, at: number): Incident {
  return state.escalation === null
    ? state
    : { ...state, escalation: { ...state.escalation, acknowledged: { by, at } } };
}

/** The step may be done, and is looked at once more before it is. */
function approved(state: Incident, by: string, at: number): Incident {
  if (state.phase.kind !== 'approving') return state;
  return {
    ...taken(state, by, at),
    phase: {
      kind: 'held',
      index: state.phase.index,
      until: at,
      reason: `approved by ${by}`,
      patient: false,
      told: NOTHING_TOLD,
      approved: true,
      remaining: state.phase.remaining,
    },
  };
}

/**
 * As if it began now; what was set aside is decided on once more. Where it went to a person before any evidence was
 * kept, since the agent was away, that comes first now.
 */
function begunAnew(state: Incident, by: string, at: number): Incident {
  return {
    ...state,
    ...(state.evidence > 0
      ? {}
      : {
          strategy: null,
          phase: { kind: 'gathering', by: at + state.evidenceMs, allowedMs: state.evidenceMs },
        }),
    deadlineAt: at + state.allowedMs,
    blindSince: null,
    quarantined: null,
    orderedBy: by,
  };
}
