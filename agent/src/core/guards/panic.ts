import type { Fleet } from '../fleet.ts';
import { windowAt } from '../maintenance.ts';
import type { GuardSettings, Settings } from '../settings.ts';
import type { Guard } from './guard.ts';

/** The picture is looked at again after this long, milliseconds. */
const ASK_AGAIN_MS = 15_000;

/** How many targets must fail at once for a panic, of a fleet of this size. */
export function panicThreshold(fleetSize: number, { fraction, minimum }: GuardSettings['panic']): number {
  return Math.max(minimum, Math.ceil(fleetSize * fraction));
}

/** Targets that fail now and that nobody works on, neither in a maintenance that was declared nor in one that comes again. */
export function failingNow(fleet: Fleet, { maintenance }: Settings, now: number): readonly string[] {
  const failing = fleet.failingTargets(now);
  return maintenance.length === 0
    ? failing
    : failing.filter((target) => windowAt(maintenance, target, now) === null);
}

/** When half of the fleet fails at once, the eyes are broken, the network or the host: nothing is touched (Envoy’s panic threshold). */
export const panicGuard: Guard = ({ settings, targets, now, fleet }) => {
  const failing = failingNow(fleet, settings, now).length;
  const threshold = panicThreshold(targets.length, settings.guards.panic);
  const clear = failing < threshold;
  return clear && !fleet.isPanicking
    ? { guard: 'panic', verdict: 'allow', reason: `${failing} of ${targets.length} targets are failing` }
    : {
        guard: 'panic',
        verdict: 'delay',
        until: now + ASK_AGAIN_MS,
        reason: clear
          ? `${failing} of ${targets.length} targets are failing, and more did a moment ago: nothing is touched until the picture stays clear`
          : `${failing} of ${targets.length} targets fail at once: the monitor, the network or the host is suspected, and nothing is touched`,
      };
};
