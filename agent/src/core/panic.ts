import type { Context } from './context.ts';
import { Decision } from './decide/decision.ts';
import { escalate } from './decide/escalate.ts';
import type { Draft } from './entry.ts';
import { evolve } from './evolve.ts';
import { FLEET_PLACE } from './fleet.ts';
import { failingNow, panicThreshold } from './guards/panic.ts';
import type { Incident } from './incident.ts';

/** A panic is over when so few fail for so long, milliseconds: a picture that comes and goes calls nobody twice. */
export const PANIC_HOLD_MS = 30_000;

/** Whether so many targets fail at once that the eyes are suspected and not the fleet. */
export function isPanic({ fleet, settings, targets, now }: Context): boolean {
  const threshold = panicThreshold(targets.length, settings.guards.panic);
  // Asked with every decision: where fewer incidents are open, so many targets cannot fail.
  return fleet.openCount >= threshold && failingNow(fleet, settings, now).length >= threshold;
}

/** One call for a person when the panic begins, however many targets are part of it. */
export function openPanic(id: string, context: Context): readonly Draft[] {
  const { now, fleet, targets, settings } = context;
  const failing = failingNow(fleet, settings, now);
  const reason = `${failing.length} of ${targets.length} targets fail at once (${failing.slice(0, 10).join(', ')}): the monitor, the network or the host is suspected, and nothing is touched until the picture clears`;
  const decision = new Decision(id, null, context);
  const by = now + settings.incident.evidenceMs;
  decision.write({
    type: 'incident-opened',
    id,
    target: null,
    place: FLEET_PLACE,
    reason,
    deadlineAt: now + settings.incident.deadlineMs,
    evidenceBy: by,
  });
  escalate(decision, 'fleet-panic', reason);
  return decision.drafts;
}

/** The picture has been clear for long enough: back to normal by itself. */
export function closePanic(incident: Incident, context: Context): readonly Draft[] {
  if (incident.phase.kind === 'ended') return [];
  const draft: Draft = {
    at: context.now,
    incident: incident.id,
    target: null,
    settings: context.settings.version,
    body: {
      type: 'incident-ended',
      outcome: 'self-resolved',
      reason: 'fewer targets fail now: the agent acts again',
    },
  };
  evolve(incident, draft); // Throws where the entry would not fit.
  return [draft];
}
