import type { Context } from './context.ts';
import type { Draft } from './entry.ts';
import type { Incident } from './incident.ts';
import { NewerEntryError } from './newerEntry.ts';

/**
 * Sets an incident aside whose decision threw, and calls a person. From then on only the escalation and a person's
 * word are heard for it; everybody else goes on.
 */
export function quarantine(incident: Incident, error: unknown, { now, settings }: Context): readonly Draft[] {
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const envelope = { at: now, incident: incident.id, target: incident.target, settings: settings.version };
  return [
    { ...envelope, body: { type: 'quarantined', error: words.slice(0, 1_000) } },
    {
      ...envelope,
      body: {
        type: 'escalated',
        number: (incident.escalation?.number ?? 0) + 1,
        code: 'decision-failed',
        reason: `${why(error, words)}; it is set aside, and all others go on`,
        channels: settings.channels,
      },
    },
  ];
}

function why(error: unknown, words: string): string {
  return error instanceof NewerEntryError
    ? error.message
    : `the agent failed to decide about this incident (${words.slice(0, 300)})`;
}
