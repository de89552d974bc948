import type { SettingsSpec } from '../plan/plan.ts';
import { jumpOf } from '../plan/times.ts';
import type { IncidentNote } from '../world/ledger.ts';
import type { MakeChecker } from './checker.ts';

/** Beyond its deadline an incident may only finish what is under way: the last call, and the look what became of it; milliseconds. */
const SLACK_MS = 900_000;

/** 5. Every incident ends or is with a person, within bounded time and by the agent's own deadline. */
export const incidentsEnd: MakeChecker = ({ ledger, plan, settings, time, lostMs }, complain) => {
  const allowedMs = () => {
    const jumps = plan.happenings.reduce((sum, each) => sum + Math.abs(jumpOf(each)), 0);
    const slow = plan.happenings.reduce(
      (sum, each) => sum + (each.kind === 'fault' && each.fault.kind === 'disk' ? each.forMs : 0),
      0,
    );
    // A maintenance is waited for, and the incident's own deadline does not run meanwhile.
    const maintained = plan.happenings.reduce(
      (sum, each) =>
        each.kind === 'maintenance' || (each.kind === 'midway' && each.what === 'maintenance')
          ? sum + each.forMs
          : each.kind === 'reload'
            ? sum + recurringMs(each.settings)
            : sum,
      recurringMs(plan.settings),
    );
    const planned = plan.happenings.reduce(
      (longest, each) => (each.kind === 'reload' ? Math.max(longest, each.settings.deadlineMs) : longest),
      Math.max(plan.settings.deadlineMs, settings().current.incident.deadlineMs),
    );
    return planned + jumps + slow + maintained + lostMs() + SLACK_MS;
  };
  const waits = ({ escalations, ended }: IncidentNote) => ended === null && escalations.length === 0;
  return {
    name: 'every incident ends or is with a person',
    atEnd() {
      for (const note of ledger.open()) {
        const openMs = time.now - note.openedAt;
        if (waits(note) && openMs > allowedMs()) {
          complain(`${note.id} of ${note.target} is open for ${openMs} ms, and nobody was called`);
        }
      }
    },
  };
};

function recurringMs({ recurring }: SettingsSpec): number {
  return recurring.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
