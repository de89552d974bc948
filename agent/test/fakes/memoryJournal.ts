import type { Draft, Entry, EntryBody } from '../../src/core/entry.ts';
import { JournalError } from '../../src/errors.ts';
import { decodeEntry, encodeDraft } from '../../src/journal/entryCodec.ts';
import { inForceOf } from '../../src/journal/inForce.ts';
import { isSettledBy } from '../../src/journal/queries.ts';
import type { IncidentQuery, IncidentSummary, Journal, LoadedEntry } from '../../src/ports.ts';

/** What a journal keeps when the agent that wrote it is gone. */
export type JournalContent = {
  readonly entries: Entry[];
  readonly summaries: Map<string, IncidentSummary>;
};

/**
 * A journal in memory, held to the same contract as the real ones. It outlives the agent by its content: a crash
 * is a new `MemoryJournal` over the content of the old one.
 *
 * Entries take the way through the stored form, so that what cannot be stored is noticed here too.
 */
export class MemoryJournal implements Journal {
  readonly content: JournalContent;
  #refusal: string | null = null;
  #closed = false;

  constructor(content: JournalContent = { entries: [], summaries: new Map() }) {
    this.content = content;
  }

  /** From now on every append is refused, as on a full disk; `null` frees the disk. */
  refuse(reason: string | null): void {
    this.#refusal = reason;
  }

  async append(drafts: readonly Draft[], summaries: readonly IncidentSummary[]): Promise<readonly Entry[]> {
    this.#assertOpen('JOURNAL_WRITE');
    if (this.#refusal !== null) throw new JournalError('JOURNAL_WRITE', this.#refusal);
    const { entries } = this.content;
    const last = entries.at(-1)?.seq ?? 0;
    const added = drafts.map((draft, index) => decodeEntry({ ...encodeDraft(draft), seq: last + 1 + index }));
    for (const entry of added) entries.push(entry);
    for (const summary of summaries) this.content.summaries.set(summary.id, { ...summary });
    return added;
  }

  async *load(since: number, types: ReadonlySet<EntryBody['type']>): AsyncGenerator<LoadedEntry> {
    this.#assertOpen('JOURNAL_READ');
    const open = this.#open();
    const inForce = this.#inForce();
    for (const entry of [...this.content.entries]) {
      const { at, seq, incident, body } = entry;
      const settled = incident !== null && !open.has(incident);
      const recent = at >= since && (incident === null || types.has(body.type));
      if (recent || (incident !== null && !settled) || inForce.has(seq)) yield { entry, settled };
    }
  }

  async entriesOf(
    incident: string,
    limit: number,
    types?: readonly Entry['body']['type'][],
  ): Promise<readonly Entry[]> {
    this.#assertOpen('JOURNAL_READ');
    return this.content.entries
      .filter((entry) => entry.incident === incident)
      .filter(({ body }) => types === undefined || types.includes(body.type))
      .slice(0, limit);
  }

  async incidents({ target, state, before, limit }: IncidentQuery): Promise<readonly IncidentSummary[]> {
    this.#assertOpen('JOURNAL_READ');
    return [...this.content.summaries.values()]
      .filter((summary) => target === undefined || summary.target === target)
      .filter((summary) => state === undefined || (state === 'open') === (summary.endedAt === null))
      .filter((summary) => before === undefined || summary.openedAt < before)
      .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  async incident(id: string): Promise<IncidentSummary | null> {
    this.#assertOpen('JOURNAL_READ');
    return this.content.summaries.get(id) ?? null;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Incidents that are not settled. */
  #open(): ReadonlySet<string> {
    const milestones = this.content.entries.filter(
      ({ incident, body }) => incident !== null && MILESTONES.has(body.type),
    );
    const byIncident = Map.groupBy(milestones, ({ incident }) => incident ?? '');
    const unsettled = [...byIncident].filter(
      ([, entries]) => entries[0]?.body.type === 'incident-opened' && !isSettledBy(entries),
    );
    return new Set(unsettled.map(([incident]) => incident));
  }

  /** Places of the entries that are in force. */
  #inForce(): ReadonlySet<number> {
    const byKey = new Map<string, number>();
    for (const entry of this.content.entries) {
      const meaning = inForceOf(entry);
      if (meaning?.kind === 'set') byKey.set(meaning.key, entry.seq);
      if (meaning?.kind === 'lift') byKey.delete(meaning.key);
    }
    return new Set(byKey.values());
  }

  #assertOpen(code: 'JOURNAL_READ' | 'JOURNAL_WRITE'): void {
    if (this.#closed) throw new JournalError(code, 'the journal in memory is closed');
  }
}

const MILESTONES: ReadonlySet<string> = new Set([
  'incident-opened',
  'escalated',
  'notified',
  'incident-ended',
  'analysis-started',
  'analysis-ended',
  'quarantined',
]);
