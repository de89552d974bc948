import type { MakeChecker } from './checker.ts';

/** 10. A container that a person stopped stays stopped. */
export const personStopped: MakeChecker = (_watched, complain) => ({
  name: 'what a person stopped stays stopped',
  called({ what, container, run }) {
    if (run.stoppedByPerson) complain(`${what} of ${container}, which a person stopped`);
  },
});
