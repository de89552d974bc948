import { existsSync, realpathSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { JournalError } from '../errors.ts';
import { JournalLock } from './journalLock.ts';
import { MIGRATIONS, migrate, schemaVersionOf } from './migrations.ts';
import { openForWriting } from './openDatabase.ts';
import { asJournalError } from './sqliteError.ts';

/** Nothing younger is ever pruned: guards look back this far and less, and so do people on the morning after. */
export const PRUNE_AGE_MIN_MS = 86_400_000;

/** Incidents, and entries of none, that go in one transaction: an agent that writes meanwhile waits for one at most. */
const BATCH = 20;
/** Between two batches, milliseconds: an agent that waits for its turn must get it. */
const PAUSE_MS = 25;

/** What may go. At least one of the two is given. */
export type PruneOptions = {
  /** Incidents that ended longer ago than this; milliseconds, raised to 24 h where it is less. */
  readonly olderThanMs?: number;
  /** The oldest ended incidents, until the journal holds no more than this; bytes. */
  readonly maxBytes?: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/** What went, and what is left. */
export type PruneReport = {
  readonly incidents: number;
  readonly entries: number;
  readonly bytes: number;
};

/**
 * Deletes old incidents that are settled, whole ones, and old entries that belong to none; the oldest first. What is
 * still in force (a mode, a maintenance, what a person stopped) stays, whatever its age. An agent may be using the
 * journal.
 *
 * @throws JournalError `JOURNAL_READ` when it cannot be read, `JOURNAL_WRITE` when it cannot be written.
 */
export function pruneJournal(path: string, options: PruneOptions): PruneReport {
  const { now, olderThanMs = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = options;
  const youngest = now - PRUNE_AGE_MIN_MS;
  const before = Math.min(now - olderThanMs, youngest);
  try {
    assertIsThere(path);
    using db = openForWriting(path);
    bringUp(db, path);
    let incidents = 0;
    let entries = 0;
    for (;;) {
      const limit = usedBytes(db) > maxBytes ? youngest : before;
      const gone = limit === Number.NEGATIVE_INFINITY ? NOTHING : pruneBatch(db, limit);
      if (gone.incidents + gone.entries === 0) break;
      incidents += gone.incidents;
      entries += gone.entries;
      pause(PAUSE_MS);
    }
    db.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(PASSIVE)');
    return { incidents, entries, bytes: usedBytes(db) };
  } catch (error) {
    throw asJournalError('JOURNAL_WRITE', path, error);
  }
}

/** Blocks, as SQLite does; who must not be blocked runs this on a thread of its own. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms);
}

/** Opening for writing would make an empty one. */
function assertIsThere(path: string): void {
  if (!existsSync(path)) throw new JournalError('JOURNAL_READ', `there is no ${path}`);
}

/** An older schema lacks what pruning must spare. No agent may be using it then: it would not know the new one. */
function bringUp(db: DatabaseSync, path: string): void {
  const version = schemaVersionOf(db);
  if (version === 0) throw new JournalError('JOURNAL_READ', `${path} is empty`);
  if (version === MIGRATIONS.length) return;
  using _lock = JournalLock.acquire(realpathSync(path));
  migrate(db);
}

const NOTHING = { incidents: 0, entries: 0 };

function pruneBatch(db: DatabaseSync, before: number): { incidents: number; entries: number } {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.prepare('INSERT INTO pruning (before) VALUES (?)').run(before);
    db.prepare('DELETE FROM in_force WHERE until < ?').run(before);
    const ids = db.prepare(SETTLED_BEFORE).all({ before, limit: BATCH });
    const deleteEntries = db.prepare('DELETE FROM entries WHERE incident = ?');
    const deleteSummary = db.prepare('DELETE FROM incidents WHERE id = ?');
    let entries = 0;
    for (const { id } of ids) {
      entries += Number(deleteEntries.run(id ?? null).changes);
      deleteSummary.run(id ?? null);
    }
    entries += Number(db.prepare(DELETE_WITHOUT_INCIDENT).run({ before, limit: BATCH }).changes);
    db.exec('DELETE FROM pruning; COMMIT');
    return { incidents: ids.length, entries };
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

// An incident whose delivery was journaled a moment ago is young, however long ago it ended.
const SETTLED_BEFORE = `
  SELECT id FROM incidents
  WHERE ended_at < :before
    AND id NOT IN (SELECT incident FROM unsettled)
    AND NOT EXISTS (
      SELECT 1 FROM in_force JOIN entries USING (seq) WHERE entries.incident = incidents.id)
    AND NOT EXISTS (SELECT 1 FROM entries WHERE incident = incidents.id AND at >= :before)
  ORDER BY opened_at LIMIT :limit`;

const DELETE_WITHOUT_INCIDENT = `
  DELETE FROM entries WHERE seq IN (
    SELECT seq FROM entries
    WHERE at < :before AND incident IS NULL AND seq NOT IN (SELECT seq FROM in_force)
    ORDER BY at LIMIT :limit)`;

/** Bytes in use: what the file would have after a vacuum. */
function usedBytes(db: DatabaseSync): number {
  const pages = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
  return (pages('page_count') - pages('freelist_count')) * pages('page_size');
}
