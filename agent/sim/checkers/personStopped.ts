import { jumpOf } from '../plan/times.ts';
import type { MakeChecker } from './checker.ts';

/** 10. A container that a person stopped stays stopped. */
export const personStopped: MakeChecker = ({ plan }, complain) => ({
  name: 'what a person stopped stays stopped',
  called({ what, container, run, note }) {
    // A stop that nobody told the agent of looks like a crash, and one that comes between the decision and the call is late.
    const known = run.stopToldAt !== null && note !== null && run.stopToldAt < note.at;
    // Where the clock was set back since the run began, its start is later than the stop for everybody who can see.
    const setBack = plan.happenings.some(
      (each) => jumpOf(each) < 0 && (each.kind === 'kill' || each.at > run.at),
    );
    if (run.stoppedByPerson && known && !setBack) complain(`${what} of ${container}, which a person stopped`);
  },
});
