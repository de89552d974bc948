import type { Context } from '../context.ts';
import type { Draft } from '../entry.ts';
import type { Placement } from '../intake.ts';
import type { Signal } from '../signal.ts';
import { Decision } from './decision.ts';
import { escalate } from './escalate.ts';

/** Opens an incident for a signal that belongs to none. What has no target, or is the agent itself, goes to a person at once. */
export function openIncident(
  id: string,
  placement: Extract<Placement, { kind: 'open' }>,
  signal: Signal,
  context: Context,
): readonly Draft[] {
  const { now, settings } = context;
  const decision = new Decision(id, null, context);
  decision.write({
    type: 'incident-opened',
    id,
    target: placement.target?.name ?? null,
    place: placement.place,
    reason: placement.reason,
    deadlineAt: now + settings.incident.deadlineMs,
    evidenceBy: now + settings.incident.evidenceMs,
  });
  decision.write({ type: 'signal-heard', signal, trusted: placement.trusted });
  const { trouble } = placement;
  if (trouble !== null) {
    if (trouble.code === 'protected-target') {
      decision.write({ type: 'protective-action', layer: 'intake', code: 'self', reason: trouble.reason });
    }
    escalate(decision, trouble.code, trouble.reason);
  }
  return decision.drafts;
}
