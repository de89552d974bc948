import type { MakeChecker } from './checker.ts';

/** The law of the journal: a mutating step stands in the durable journal, with its evidence, before its call is made. */
export const journalFirst: MakeChecker = ({ ledger }, complain) => ({
  name: 'journal and evidence before effect',
  called({ what, container, id, note }) {
    if (note === null) {
      complain(`${what} of ${container}, and no mutation of it is durable in the journal`);
      return;
    }
    if (note.instanceId !== id) complain(`${what} of ${container}, and the journal says ${note.instance}`);
    const incident = ledger.incidents.get(note.incident);
    if (incident?.gathered !== true) complain(`${what} of ${container} before any evidence was kept`);
    if (incident?.looked !== true) complain(`${what} of ${container} without a look before it`);
  },
});
