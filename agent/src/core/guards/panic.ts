import type { GuardSettings } from '../settings.ts';
import type { Guard } from './guard.ts';

/** The picture is looked at again after this long, milliseconds. */
const ASK_AGAIN_MS = 15_000;

/** How many targets must fail at once for a panic, of a fleet of this size. */
export function panicThreshold(fleetSize: number, { fraction, minimum }: GuardSettings['panic']): number {
  return Math.max(minimum, Math.ceil(fleetSize * fraction));
}

/** When half of the fleet fails at once, the eyes are broken, the network or the host: nothing is touched (Envoy’s panic threshold). */
export const panicGuard: Guard = ({ settings, targets, now, fleet }) => {
  const failing = fleet.failingTargets(now).length;
  const threshold = panicThreshold(targets.length, settings.guards.panic);
  return failing < threshold
    ? { guard: 'panic', verdict: 'allow', reason: `${failing} of ${targets.length} targets are failing` }
    : {
        guard: 'panic',
        verdict: 'delay',
        until: now + ASK_AGAIN_MS,
        reason: `${failing} of ${targets.length} targets fail at once: the monitor, the network or the host is suspected, and nothing is touched`,
      };
};
