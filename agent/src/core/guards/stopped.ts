import type { Guard } from './guard.ts';

/** What a person stopped or paused stays so: the agent heals failures, it does not overrule people. */
export const stoppedGuard: Guard = ({ target, instances, fleet }) => {
  const held = instances.find((instance) => fleet.heldByPerson(target.name, instance) !== null);
  return held === undefined
    ? { guard: 'stopped', verdict: 'allow', reason: 'nobody stopped it' }
    : {
        guard: 'stopped',
        verdict: 'refuse',
        code: 'stopped-by-person',
        reason: `${held.name} was ${fleet.heldByPerson(target.name, held)} by a person, so it stays so until it is started again`,
      };
};
