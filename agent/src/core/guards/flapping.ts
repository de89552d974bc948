import { duration, times } from '../words.ts';
import type { Guard } from './guard.ts';

/** A repair that holds for minutes only is no repair: after so many of them in a window a person is called. */
export const flappingGuard: Guard = ({ target, now, limits, fleet }) => {
  const { recoveries, windowMs } = limits.flapping;
  const recovered = fleet
    .endsOf(target.name, now - windowMs)
    .filter(({ outcome }) => outcome === 'recovered').length;
  return recovered < recoveries
    ? {
        guard: 'flapping',
        verdict: 'allow',
        reason: `recovered ${times(recovered)} in the last ${duration(windowMs)}`,
      }
    : {
        guard: 'flapping',
        verdict: 'refuse',
        code: 'flapping',
        reason: `“recovered” ${times(recovered)} in the last ${duration(windowMs)} and failed again each time: the repair does not last`,
      };
};
