import { panicThreshold } from '../../src/core/guards/panic.ts';
import { jumpOf } from '../plan/generate.ts';
import type { MakeChecker } from './checker.ts';

/** Trouble that was handed over longer ago is known, and no part of the picture; milliseconds. */
const RECENT_MS = 590_000;
const SLACK_MS = 5_000;

/** Fleet panic: while half of the fleet or more fails at once, nothing is touched. */
export const panic: MakeChecker = ({ ledger, plan, settings, time }, complain) => ({
  name: 'nothing is touched while the fleet panics',
  called({ what, container, note }) {
    if (note === null || !note.counts) return;
    const failing = ledger
      .open()
      .filter(
        ({ target, openedAt, withPersonSince }) =>
          target !== null &&
          openedAt < note.at - SLACK_MS &&
          time.now - (withPersonSince ?? time.now) < RECENT_MS,
      );
    const jumped = plan.happenings.some((each) => jumpOf(each) !== 0);
    const threshold = panicThreshold(plan.services.length, settings().current.guards.panic);
    if (!jumped && failing.length >= threshold) {
      complain(
        `${what} of ${container} while ${failing.length} of ${plan.services.length} targets fail; ${threshold} are a panic`,
      );
    }
  },
});
