import type { Draft, Entry, EntryBody } from '../core/entry.ts';
import type { Outcome } from '../core/outcome.ts';

/** A summary of one incident, as lists show it; kept by the journal beside the entries, derived from them. */
export type IncidentSummary = {
  readonly id: string;
  readonly target: string | null;
  readonly openedAt: number;
  readonly endedAt: number | null;
  /** The phase's kind while it is open, else `ended`. */
  readonly phase: string;
  readonly outcome: Outcome | null;
  readonly escalated: boolean;
  readonly reason: string;
};

/** Which incidents a list wants; newest first. */
export type IncidentQuery = {
  readonly target?: string;
  readonly state?: 'open' | 'ended';
  /** Only incidents opened before this time, for paging; milliseconds since the epoch. */
  readonly before?: number;
  /** 1 to 1000. */
  readonly limit: number;
};

/** An entry of a start. Of a settled incident only some are there. */
export type LoadedEntry = { readonly entry: Entry; readonly settled: boolean };

/**
 * The append-only record. Everything else is derived from it.
 *
 * `append` is durable when it resolves (an fsync was done), and all or nothing. It rejects with `JournalError`
 * when it could not be written; nothing of the batch is there then.
 */
export interface Journal {
  /** Appends in order, in one transaction; answers the entries with their places. */
  append(drafts: readonly Draft[], summaries: readonly IncidentSummary[]): Promise<readonly Entry[]>;
  /**
   * What the fold needs at start, in the order of the journal:
   *
   * - all entries of incidents that are not settled;
   * - those that are in force until they are taken back (what people set, what they stopped);
   * - since `since` (milliseconds since the epoch) every entry of no incident, and of settled incidents those of `types`.
   *
   * One after the other: after a storm they are more than fit into the memory. Others get their turns meanwhile.
   */
  load(since: number, types: ReadonlySet<EntryBody['type']>): AsyncIterable<LoadedEntry>;
  /** All entries of one incident, oldest first, at most `limit`. @param types Only entries of these types. */
  entriesOf(
    incident: string,
    limit: number,
    types?: readonly Entry['body']['type'][],
  ): Promise<readonly Entry[]>;
  incidents(query: IncidentQuery): Promise<readonly IncidentSummary[]>;
  incident(id: string): Promise<IncidentSummary | null>;
  close(): Promise<void>;
}
