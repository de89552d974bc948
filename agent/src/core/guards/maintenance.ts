import { windowAt } from '../maintenance.ts';
import { clockTime } from '../words.ts';
import type { Guard } from './guard.ts';

/** While somebody works on it nothing is touched; what still holds afterwards is acted on then. */
export const maintenanceGuard: Guard = ({ target, now, fleet, settings }) => {
  const declared = fleet.maintenanceOf(target.name, now);
  const recurring = windowAt(settings.maintenance, target.name, now);
  const until = Math.max(declared?.until ?? 0, recurring?.until ?? 0);
  if (until <= now) return { guard: 'maintenance', verdict: 'allow', reason: 'no maintenance' };
  const reason = declared?.reason ?? recurring?.reason ?? '';
  return {
    guard: 'maintenance',
    verdict: 'delay',
    until,
    patient: true,
    reason: `maintenance until ${clockTime(until)}: ${reason}`,
  };
};
