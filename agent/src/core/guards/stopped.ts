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
        reason: sayHeld(held.name, fleet.heldByPerson(target.name, held)),
      };
};

/** Why nothing is done to an instance that a person holds, in words. */
export function sayHeld(name: string, how: 'stopped' | 'paused' | null): string {
  return `${name} was ${how} by a person, so it stays so until it is started again`;
}
