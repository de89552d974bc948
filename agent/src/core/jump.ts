import type { Incident, Phase } from './incident.ts';

/**
 * The state as if the wall clock had always shown what it shows since the jump: what was left of each deadline is
 * still left of it. A soak is watched anew, for a look from before the jump cannot be told from one after it.
 */
export function moveInTime(incident: Incident, byMs: number): Incident {
  const { escalation } = incident;
  return {
    ...incident,
    deadlineAt: incident.deadlineAt + byMs,
    blindSince: incident.blindSince === null ? null : incident.blindSince + byMs,
    asked: incident.asked === null ? null : { ...incident.asked, by: incident.asked.by + byMs },
    phase: movePhase(incident.phase, byMs),
    escalation:
      escalation === null
        ? null
        : {
            ...escalation,
            deliveries: new Map(
              [...escalation.deliveries].map(([channel, delivery]) => [
                channel,
                { ...delivery, nextAt: delivery.nextAt + byMs },
              ]),
            ),
          },
  };
}

function movePhase(phase: Phase, byMs: number): Phase {
  switch (phase.kind) {
    case 'gathering':
    case 'looking':
      return { ...phase, by: phase.by + byMs };
    case 'acting':
    case 'held':
    case 'approving':
    case 'settling':
      return { ...phase, until: phase.until + byMs };
    case 'mutating':
    case 'unsure':
      return { ...phase, startedAt: phase.startedAt + byMs, until: phase.until + byMs };
    case 'verifying':
      return { ...phase, until: phase.until + byMs, well: null, seen: '' };
    case 'escalated':
      return { ...phase, well: null, seen: '' };
    case 'ready':
    case 'analysing':
    case 'ended':
      return phase;
    default:
      return phase satisfies never;
  }
}
