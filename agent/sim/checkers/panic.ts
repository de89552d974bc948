import { panicThreshold } from '../../src/core/guards/panic.ts';
import { jumpOf } from '../plan/times.ts';
import { Controls, isOpen } from '../world/controls.ts';
import type { MakeChecker } from './checker.ts';

/** Trouble that a person was asked or called about longer ago is known, and no part of the picture; milliseconds. */
const RECENT_MS = 590_000;
const SLACK_MS = 5_000;

/** Fleet panic: while half of the fleet or more fails at once, nothing is touched. */
export const panic: MakeChecker = ({ ledger, plan, settings, recurring, time }, complain) => {
  const controls = new Controls();
  const jumped = plan.happenings.some((each) => jumpOf(each) !== 0);
  return {
    name: 'nothing is touched while the fleet panics',
    written(entry) {
      controls.written(entry);
      const { at, body } = entry;
      if (body.type !== 'mutation-started' || !body.counts || jumped) return;
      // What was decided under the configuration of before knew other windows that come again.
      if (entry.settings !== settings().current.version) return;
      // What somebody works on is expected to fail.
      const maintained = (service: string) =>
        controls.maintenanceOf(service, at) !== null ||
        recurring().some((window) => isOpen(window, service, at));
      const failing = ledger
        .open()
        .filter(
          ({ target, openedAt, withPersonSince }) =>
            target !== null &&
            openedAt < time.now - SLACK_MS &&
            time.now - (withPersonSince ?? time.now) < RECENT_MS &&
            !maintained(target),
        );
      const threshold = panicThreshold(plan.services.length, settings().current.guards.panic);
      if (failing.length < threshold) return;
      complain(
        `${body.action} of ${body.instance} while ${failing.length} of ${plan.services.length} targets fail; ${threshold} are a panic`,
      );
    },
  };
};
