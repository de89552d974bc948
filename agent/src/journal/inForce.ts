import type { Control } from '../core/control.ts';
import type { Draft } from '../core/entry.ts';

const DAY_MS = 86_400_000;

/** What an entry means for the table of what stays in force until it is taken back, however old it gets. */
export type InForce =
  /** `until`: when it is over by itself, milliseconds since the epoch; `null`: never. */
  | { readonly kind: 'set'; readonly key: string; readonly until: number | null }
  | { readonly kind: 'lift'; readonly key: string };

/**
 * What stays in force of an entry: a start must load it and pruning must leave it, whatever its age. `null` for
 * entries that matter only for a while, or to an incident.
 */
export function inForceOf({ target, body }: Pick<Draft, 'target' | 'body'>): InForce | null {
  switch (body.type) {
    case 'control-set':
      return ofControl(body.control);
    // Who wrote what is in the journal, should it be read by a version that does not know all of it.
    case 'agent-started':
      return { kind: 'set', key: 'agent', until: null };
    case 'breaker-opened':
      return { kind: 'set', key: `breaker ${body.target}`, until: body.until };
    case 'instance-stopped':
      return { kind: 'set', key: instanceKey(target, body.instanceId), until: null };
    case 'instance-started':
    case 'instance-removed':
      return { kind: 'lift', key: instanceKey(target, body.instanceId) };
    case 'seen-well':
      return { kind: 'set', key: `well ${target ?? ''}`, until: body.until };
    // The last one carries the spending of its day.
    case 'analysis-ended':
      return { kind: 'set', key: 'analysis spending', until: body.day.startsAt + DAY_MS };
    default:
      return null;
  }
}

function ofControl(control: Control): InForce {
  switch (control.kind) {
    case 'maintenance-start':
      return { kind: 'set', key: `maintenance ${control.id}`, until: control.until };
    case 'maintenance-end':
      return { kind: 'lift', key: `maintenance ${control.id}` };
    case 'breaker-reset':
      // That it gave a new budget matters within the guards' windows alone, and those are loaded by their age.
      return { kind: 'lift', key: `breaker ${control.target}` };
    case 'mode': {
      const key = `mode ${control.target ?? ''}`;
      return control.mode === null ? { kind: 'lift', key } : { kind: 'set', key, until: null };
    }
    default:
      return control satisfies never;
  }
}

function instanceKey(target: string | null, instanceId: string): string {
  return `instance ${instanceId} of ${target ?? ''}`;
}
