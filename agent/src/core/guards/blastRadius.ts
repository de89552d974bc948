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
  const touched = fleet.lastMutationOfEach(now - windowMs).filter((record) => record.target !== target.name);
  if (touched.length < allowed) {
    return {
      guard: 'blast-radius',
      verdict: 'allow',
      reason: `${touched.length} other targets mutated in the last ${duration(windowMs)}`,
    };
  }
  const times = touched.map(({ at }) => at).sort((one, other) => one - other);
  const leaving = times[touched.length - allowed] ?? now;
  const until = leaving + windowMs;
  return {
    guard: 'blast-radius',
    verdict: 'delay',
    until,
    reason: `${touched.length} other targets were mutated in the last ${duration(windowMs)}, and ${allowed} of ${size} may be; waits until ${clockTime(until)}`,
  };
};
