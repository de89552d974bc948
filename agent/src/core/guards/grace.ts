import { clockTime, duration } from '../words.ts';
import type { Guard } from './guard.ts';

/** A run that began so soon after the container was made is the one that it was made for, milliseconds. */
const FIRST_RUN_MS = 10_000;

/** What somebody else just created or started is given time: a deployment is not a failure. */
export const graceGuard: Guard = ({ target, instances, now, limits, fleet, incident }) => {
  const { afterStartMs } = limits.grace;
  let until = now;
  let why = '';
  for (const instance of instances) {
    const { startedAt, name, health, startPeriodMs, supervised } = instance;
    if (health === 'starting' && startedAt !== null && startedAt + startPeriodMs > until) {
      until = startedAt + startPeriodMs;
      why = `${name} is in the start period of its health check`;
    }
    const beganAt = startedAt ?? instance.createdAt;
    // A run that the agent or the restart policy began is no deployment; the first run of a container is one, whoever
    // is at work on the target at the same time: neither of them makes containers.
    const firstRun = beganAt - instance.createdAt < FIRST_RUN_MS;
    const bySupervisor = supervised && beganAt > incident.openedAt;
    const starter = fleet.whoStarted(target.name, beganAt);
    if (!firstRun && (bySupervisor || starter === 'agent')) continue;
    if (beganAt + afterStartMs > until) {
      until = beganAt + afterStartMs;
      const what = startedAt === null ? 'created' : 'started';
      const who =
        starter === 'other' || firstRun
          ? 'someone else'
          : 'someone else, or by a call that nobody saw answered,';
      why = `${name} was ${what} by ${who} ${duration(Math.max(0, now - beganAt))} ago`;
    }
  }
  return until <= now
    ? { guard: 'grace', verdict: 'allow', reason: 'nobody started it lately' }
    : {
        guard: 'grace',
        verdict: 'delay',
        until,
        reason: `${why}; it is left alone until ${clockTime(until)}`,
      };
};
