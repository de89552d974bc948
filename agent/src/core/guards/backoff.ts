import { clockTime, times } from '../words.ts';
import type { Guard } from './guard.ts';

/**
 * Each further mutation of the same target waits longer: 10 s doubling to 5 min, as Kubernetes does for a crash
 * loop, with Nomad's 25 % jitter; a target that was left alone long enough begins anew.
 */
export const backoffGuard: Guard = ({ target, now, limits, fleet, counts, incident }) => {
  const { initialMs, factor, maxMs, jitter, resetAfterMs } = limits.backoff;
  if (!counts)
    return { guard: 'backoff', verdict: 'allow', reason: 'part of a step that is already under way' };
  const records = fleet.mutationsOf(target.name, 0);
  let streak = 0;
  let next = now;
  for (const { at } of [...records].reverse()) {
    if (next - at > resetAfterMs) break;
    streak += 1;
    next = at;
  }
  const last = records.at(-1);
  if (last === undefined || streak === 0)
    return { guard: 'backoff', verdict: 'allow', reason: 'not mutated lately' };

  const delayMs = Math.min(initialMs * factor ** (streak - 1), maxMs);
  const until = Math.round(last.at + delayMs * (1 + jitter * fraction(`${incident.id}/${streak}`)));
  return now >= until
    ? { guard: 'backoff', verdict: 'allow', reason: `the pause after ${times(streak)} is over` }
    : {
        guard: 'backoff',
        verdict: 'delay',
        until,
        reason: `mutated ${times(streak)} lately; waits until ${clockTime(until)}`,
      };
};

/** A number in [0, 1) that depends on the text alone: jitter that a replay repeats. FNV-1a, 32 bit. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash / 2 ** 32;
}
