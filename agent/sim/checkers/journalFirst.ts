import { wasAtWork } from './atWork.ts';
import type { MakeChecker } from './checker.ts';

const LATE_MS = 10_000;

/**
 * The law of the journal: a mutating step stands in the durable journal, with its evidence, before its call is made; and
 * the call is made for the very run that was judged.
 */
export const journalFirst: MakeChecker = ({ ledger, plan }, complain) => ({
  name: 'journal and evidence before effect',
  called({ what, container, id, run, at, note }) {
    if (note === null) {
      complain(`${what} of ${container}, and no mutation of it is durable in the journal`);
      return;
    }
    if (note.instanceId !== id) complain(`${what} of ${container}, and the journal says ${note.instance}`);
    // The look right before the call may be old where its answer was on its way for long.
    else if (note.run !== run.name && !wasAtWork(plan, 'runtime', at - LATE_MS, at, 'late'))
      complain(`${what} of ${container}, and the run that it was decided for is over`);
    const incident = ledger.incidents.get(note.incident);
    if (incident?.gathered !== true) complain(`${what} of ${container} before any evidence was kept`);
    if (incident?.looked !== true) complain(`${what} of ${container} without a look before it`);
  },
});
