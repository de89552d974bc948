import type { Incident } from '../core/incident.ts';
import type { ControlsInForce } from '../ports.ts';

/** An incident of an earlier run that the agent gave to a person: it does nothing about it until it is told to. */
export type Handover = {
  readonly incident: string;
  readonly reason: string;
  /** Nothing more is done to the target until its breaker is reset, or for so long that nobody waits for it. */
  readonly breakerOpen: boolean;
};

/** What a person has to know before the agent looks after the target again; null where it does already. */
export function handoverOf(
  target: string,
  incidents: readonly Incident[],
  { breakers }: Pick<ControlsInForce, 'breakers'>,
): Handover | null {
  const given = incidents.find(
    (incident) => incident.target === target && incident.phase.kind === 'escalated',
  );
  if (given === undefined) return null;
  const breakerOpen = breakers.some((breaker) => breaker.target === target);
  return { incident: given.id, reason: given.escalation?.reason ?? given.reason, breakerOpen };
}
