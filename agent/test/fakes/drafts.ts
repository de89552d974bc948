import type { Draft, EntryBody } from '../../src/core/entry.ts';
import type { IncidentSummary } from '../../src/ports.ts';

/** A draft with what a test does not care about filled in. */
export function draft(body: EntryBody, rest: Partial<Omit<Draft, 'body'>> = {}): Draft {
  return { at: 1_000, incident: null, target: null, settings: 'test', ...rest, body };
}

export function opened(id: string, at = 1_000): Draft {
  const body: EntryBody = {
    type: 'incident-opened',
    id,
    target: 'web',
    place: 'web',
    reason: 'ServiceDown',
    deadlineAt: at + 60_000,
    evidenceBy: at + 2_000,
  };
  return draft(body, { at, incident: id, target: 'web' });
}

export function escalated(id: string, channels: readonly string[], at = 2_000): Draft {
  const body: EntryBody = {
    type: 'escalated',
    number: 1,
    code: 'no-strategy',
    reason: 'none fits',
    channels,
  };
  return draft(body, { at, incident: id, target: 'web' });
}

export function notified(id: string, channel: string, withdrawal: boolean, at = 3_000): Draft {
  const body: EntryBody = {
    type: 'notified',
    escalation: 1,
    channel,
    delivered: true,
    withdrawal,
    reason: 'accepted',
  };
  return draft(body, { at, incident: id, target: 'web' });
}

export function ended(id: string, at = 4_000): Draft {
  const body: EntryBody = { type: 'incident-ended', outcome: 'recovered', reason: 'healthy for 10 s' };
  return draft(body, { at, incident: id, target: 'web' });
}

export function summary(id: string, rest: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id,
    target: 'web',
    openedAt: 1_000,
    endedAt: null,
    phase: 'gathering',
    outcome: null,
    escalated: false,
    reason: 'ServiceDown',
    ...rest,
  };
}
