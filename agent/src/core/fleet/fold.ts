import type { BodyOf, Draft, EntryBody } from '../entry.ts';
import type { FleetParts } from './parts.ts';

const TYPES = [
  'incident-opened',
  'signal-heard',
  'signal-ignored',
  'mutation-started',
  'action-ended',
  'mutation-confirmed',
  'escalated',
  'approval-asked',
  'person-said',
  'analysis-started',
  'analysis-ended',
  'quarantined',
  'clock-jumped',
  'breaker-opened',
  'control-set',
  'instance-stopped',
  'instance-started',
  'instance-removed',
  'incident-ended',
] as const satisfies readonly EntryBody['type'][];

type FleetBody = BodyOf<(typeof TYPES)[number]>;

/** The entries that say something beyond their own incident, also when that is settled. */
export const FLEET_ENTRIES: ReadonlySet<EntryBody['type']> = new Set(TYPES);

function concernsFleet(body: EntryBody): body is FleetBody {
  return FLEET_ENTRIES.has(body.type);
}

/** Which entry changes which part. Entries arrive in the order of the journal. */
export function foldIntoFleet(fleet: FleetParts, entry: Draft): void {
  const { at, incident, target, body } = entry;
  if (!concernsFleet(body)) return;
  switch (body.type) {
    case 'incident-opened':
      fleet.incidents.begin(body.id, body.target, body.place);
      fleet.mutations.noteFailure(at, () => fleet.failingTargets(at).length);
      return;
    case 'signal-heard':
      if (body.signal.source === 'alertmanager' && incident !== null)
        fleet.episodes.heard(body.signal.alert, incident);
      return;
    case 'signal-ignored':
      if (body.signal.source === 'alertmanager' && body.code === 'resolved-unknown')
        fleet.episodes.resolvedUnheard(body.signal.alert, at);
      return;
    case 'mutation-started':
      if (incident === null || target === null) return;
      fleet.acts.begin(incident, {
        target,
        instanceId: body.instanceId,
        stops: body.action !== 'start' && body.down !== true,
        at,
      });
      fleet.incidents.noteMutation(incident);
      if (body.counts) fleet.mutations.begin({ target, incident, at }, fleet.failingTargets(at).length);
      else fleet.mutations.goOn({ target, incident, at });
      forget(fleet, at);
      return;
    case 'action-ended':
      if (incident !== null && body.result.outcome !== 'unknown') fleet.acts.end(incident, at, true);
      return;
    case 'mutation-confirmed':
      if (incident !== null) fleet.acts.end(incident, at, false);
      return;
    case 'escalated':
      if (incident === null) return;
      fleet.incidents.handOver(incident, at);
      fleet.acts.end(incident, at, false);
      return;
    case 'approval-asked':
      if (incident !== null) fleet.incidents.handOver(incident, at);
      return;
    case 'person-said':
      if (incident !== null && (body.command === 'approve' || body.command === 'recover'))
        fleet.incidents.takeBack(incident);
      return;
    case 'analysis-started':
      if (incident !== null) fleet.analyses.start(incident, body.by, body.budget);
      return;
    case 'analysis-ended':
      if (incident !== null) fleet.analyses.end(incident);
      fleet.analyses.charge(body.day);
      return;
    case 'quarantined':
      if (incident !== null) fleet.analyses.end(incident);
      return;
    case 'clock-jumped':
      if (incident === null) moveInTime(fleet, body.byMs);
      return;
    case 'breaker-opened':
      fleet.breakers.open(body.target, { until: body.until, reason: body.reason });
      return;
    case 'control-set':
      obey(fleet, body, at);
      return;
    case 'instance-stopped':
      if (target !== null)
        fleet.held.hold(target, body.instanceId, { how: body.by === 'stop' ? 'stopped' : 'paused', at });
      return;
    case 'instance-started':
      if (target === null) return;
      fleet.held.release(target, body.instanceId);
      if (body.ownAt !== undefined) fleet.acts.noteStart(target, body.instanceId, body.ownAt);
      return;
    case 'instance-removed':
      if (target !== null) fleet.held.release(target, body.instanceId);
      return;
    case 'incident-ended':
      if (incident !== null) end(fleet, incident, target, at, body.outcome);
      return;
    default:
      body satisfies never;
  }
}

function end(fleet: FleetParts, incident: string, target: string | null, at: number, outcome: string): void {
  const { mutated } = fleet.incidents.end(incident);
  fleet.acts.end(incident, at, false);
  if (target !== null) fleet.ends.add({ target, at, outcome, mutated });
  fleet.episodes.end(incident, at);
  forget(fleet, at);
}

/** A person's word to the agent as a whole. */
function obey(fleet: FleetParts, { control, reason, who }: BodyOf<'control-set'>, at: number): void {
  switch (control.kind) {
    case 'maintenance-start': {
      const { id, target, until } = control;
      fleet.maintenance.start({ id, target, until, reason, who }, at);
      return;
    }
    case 'maintenance-end':
      fleet.maintenance.end(control.id);
      return;
    case 'breaker-reset':
      fleet.breakers.reset(control.target, at);
      return;
    case 'mode':
      fleet.modes.set(control.target, control.mode);
      return;
    default:
      control satisfies never;
  }
}

function forget(fleet: FleetParts, now: number): void {
  fleet.mutations.forget(now);
  fleet.ends.forget(now);
}

/**
 * As if the wall clock had always shown what it shows since the jump: no budget comes of it, and no pause grows. What
 * people set by the wall clock, and what is compared with the runtime's own times, stays.
 */
function moveInTime(fleet: FleetParts, byMs: number): void {
  fleet.mutations.moveInTime(byMs);
  fleet.ends.moveInTime(byMs);
  fleet.analyses.moveInTime(byMs);
  fleet.breakers.moveInTime(byMs);
  fleet.incidents.moveInTime(byMs);
}
