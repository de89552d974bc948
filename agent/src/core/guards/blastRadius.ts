import { clockTime, duration } from '../words.ts';
import type { Guard } from './guard.ts';

/** When no end can be foretold, the guard is asked again after this long, milliseconds. */
const ASK_AGAIN_MS = 5_000;

/**
 * Only so many targets at once, and only such a share of the fleet in a window (Envoy's `max_ejection_percent`): a
 * wrong idea of what is broken must not become an outage of everything.
 */
export const blastRadiusGuard: Guard = ({ target, targets, now, limits, fleet }) => {
  const { concurrent, fraction, windowMs } = limits.blastRadius;
  const others = fleet.underWay().filter((name) => name !== target.name);
  if (others.length >= concurrent) {
    return {
      guard: 'blast-radius',
      verdict: 'delay',
      until: now + ASK_AGAIN_MS,
      reason: `${others.length} other targets are being mutated (${others.slice(0, 5).join(', ')}), and at most ${concurrent} may be at once`,
    };
  }
  const size = Math.max(targets.length, 1);
  const allowed = Math.max(1, Math.floor(size * fraction));
  const lastByTarget = new Map(
    fleet.mutationsSince(now - windowMs).map((record) => [record.target, record.at]),
  );
  lastByTarget.delete(target.name);
  if (lastByTarget.size < allowed) {
    return {
      guard: 'blast-radius',
      verdict: 'allow',
      reason: `${lastByTarget.size} other targets mutated in the last ${duration(windowMs)}`,
    };
  }
  const leaving =
    [...lastByTarget.values()].sort((one, other) => one - other)[lastByTarget.size - allowed] ?? now;
  const until = leaving + windowMs;
  return {
    guard: 'blast-radius',
    verdict: 'delay',
    until,
    reason: `${lastByTarget.size} other targets were mutated in the last ${duration(windowMs)}, and ${allowed} of ${size} may be; waits until ${clockTime(until)}`,
  };
};
