import type { EntryBody } from '../core/entry.ts';
import type { Fleet } from '../core/fleet.ts';
import type { Signal } from '../core/signal.ts';
import type { RuntimeEvent } from '../ports.ts';

/** What the word of a runtime comes to: a signal, something to remember, or nothing. */
export type RuntimeWord =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'entry'; readonly body: EntryBody }
  /** What waits for this target is to look again. */
  | { readonly kind: 'wake'; readonly reason: string }
  | { readonly kind: 'nothing' };

const NOTHING: RuntimeWord = { kind: 'nothing' };

/**
 * Weighs what a runtime tells. What the agent itself is doing to a target is no news; what a person stopped is no
 * failure; and what starts again is of interest only where somebody had stopped it, or where a call of the agent's
 * started it: whoever stops it from then on is somebody else. That one got healthy is no proof of anything: it is a
 * reason to look.
 */
export function weighRuntimeEvent(event: RuntimeEvent, fleet: Fleet): RuntimeWord {
  const { target, instance, instanceId, happenedAt, what, reason } = event;
  switch (what) {
    case 'stopped':
      return fleet.mayHaveStopped(target, instanceId, happenedAt)
        ? NOTHING
        : { kind: 'entry', body: { type: 'instance-stopped', instance, instanceId, by: 'stop' } };
    case 'paused':
      return { kind: 'entry', body: { type: 'instance-stopped', instance, instanceId, by: 'pause' } };
    case 'started':
      if (fleet.awaitsStart(target, instanceId, happenedAt))
        return {
          kind: 'entry',
          body: { type: 'instance-started', instance, instanceId, ownAt: happenedAt },
        };
      return fleet.mayBeHeld(target, instanceId)
        ? { kind: 'entry', body: { type: 'instance-started', instance, instanceId } }
        : NOTHING;
    case 'removed':
      return fleet.mayBeHeld(target, instanceId)
        ? { kind: 'entry', body: { type: 'instance-removed', instance, instanceId } }
        : NOTHING;
    case 'died':
    case 'oom':
    case 'unhealthy':
      if (fleet.isOwnDoing(target, happenedAt) || fleet.isHeld(target, instanceId)) return NOTHING;
      return {
        kind: 'signal',
        signal: { source: 'runtime', target, event: what, instance, happenedAt, reason },
      };
    case 'healthy':
      return { kind: 'wake', reason: `${instance}: ${reason}` };
    default:
      return what satisfies never;
  }
}
