import type { MakeChecker } from './checker.ts';

/** Entries of one incident beyond its signals. A target that waits for a place writes a few each time that it looks. */
const ENTRIES_MAX = 12_000;

/** 11. Everything has a limit: no incident writes without end. */
export const limits: MakeChecker = ({ ledger }, complain) => ({
  name: 'everything has a limit',
  written({ incident }) {
    const note = incident === null ? undefined : ledger.incidents.get(incident);
    if (note !== undefined && note.entries - note.repeats > ENTRIES_MAX) {
      complain(`${incident} wrote ${note.entries} entries`);
    }
  },
});
