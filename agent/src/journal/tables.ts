import type { Generated } from 'kysely';

/** One entry as it is stored. `body` is JSON; the other columns repeat what queries select by. */
export type EntryRow = {
  readonly seq: Generated<number>;
  /** Schema version of the body. */
  readonly v: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incident: string | null;
  readonly target: string | null;
  readonly type: string;
  readonly settings: string;
  readonly body: string;
};

/** What lists show of one incident; derived from the entries. Times in milliseconds since the epoch. */
export type IncidentRow = {
  readonly id: string;
  readonly target: string | null;
  readonly opened_at: number;
  readonly ended_at: number | null;
  readonly phase: string;
  readonly outcome: string | null;
  /** 0 or 1. */
  readonly escalated: number;
  readonly reason: string;
};

/** The tables that the queries of the journal use, whatever the database. */
export type JournalTables = {
  readonly entries: EntryRow;
  readonly incidents: IncidentRow;
  /** Incidents that something is still to be done for: what a start must load whatever its age. */
  readonly unsettled: { readonly incident: string };
  /** The entry of each thing that is in force until it is taken back or `until`; loaded whatever its age, too. */
  readonly in_force: { readonly key: string; readonly seq: number; readonly until: number | null };
};
