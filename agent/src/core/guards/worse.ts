import { clockTime } from '../words.ts';
import type { Guard } from './guard.ts';

/** If others begin to fail after the agent acted, and that repeats, the agent is part of the trouble: it stops. */
export const worseGuard: Guard = ({ settings, now, fleet }) => {
  const { times, windowMs } = settings.guards.worse;
  const rememberedMs = windowMs * (times + 1);
  const latest = fleet.lastMutations(times, now - rememberedMs);
  const bad = latest.filter(({ failingBefore, failingAfter }) => failingAfter > failingBefore);
  return latest.length < times || bad.length < times
    ? { guard: 'worse', verdict: 'allow', reason: 'acting did not make more targets fail' }
    : {
        guard: 'worse',
        verdict: 'refuse',
        code: 'worse',
        reason: `after each of the last ${times} mutations more targets failed than before: the agent stops acting until ${clockTime((latest[0]?.at ?? now) + rememberedMs)}`,
      };
};
