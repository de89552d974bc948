import type { Fleet } from '../fleet.ts';
import { windowAt } from '../maintenance.ts';
import type { Settings } from '../settings.ts';
import type { Target } from '../target.ts';
import { clockTime } from '../words.ts';
import type { Guard } from './guard.ts';

/** The maintenance that a target is in, declared or of the configuration, until the last of it ends; or null. */
export function maintenanceOfTarget(
  target: Target,
  fleet: Pick<Fleet, 'maintenanceOf'>,
  settings: Pick<Settings, 'maintenance'>,
  now: number,
): { readonly until: number; readonly reason: string } | null {
  const declared = fleet.maintenanceOf(target.name, now);
  const recurring = windowAt(settings.maintenance, target.name, now);
  const until = Math.max(declared?.until ?? 0, recurring?.until ?? 0);
  return until > now ? { until, reason: declared?.reason ?? recurring?.reason ?? '' } : null;
}

/** While somebody works on it nothing is touched; what still holds afterwards is acted on then. */
export const maintenanceGuard: Guard = ({ target, now, fleet, settings }) => {
  const open = maintenanceOfTarget(target, fleet, settings, now);
  if (open === null) return { guard: 'maintenance', verdict: 'allow', reason: 'no maintenance' };
  return {
    guard: 'maintenance',
    verdict: 'delay',
    until: open.until,
    patient: true,
    reason: `maintenance until ${clockTime(open.until)}: ${open.reason}`,
  };
};
