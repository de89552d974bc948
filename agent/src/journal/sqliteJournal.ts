import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Kysely } from 'kysely';
import type { Draft, Entry, EntryBody } from '../core/entry.ts';
import { type ErrorCode, JournalError } from '../errors.ts';
import type { IncidentQuery, IncidentSummary, Journal, LoadedEntry } from '../ports.ts';
import { JournalLock } from './journalLock.ts';
import { loadEntries } from './loadEntries.ts';
import { migrate } from './migrations.ts';
import { ensureFile, openForWriting } from './openDatabase.ts';
import { appendEntry, entriesOf, findIncident, listIncidents, putSummary } from './queries.ts';
import { dialectOver } from './sqliteDialect.ts';
import { asJournalError, isDamage } from './sqliteError.ts';
import type { JournalTables } from './tables.ts';

/**
 * The journal in one SQLite file, for one agent at a time.
 *
 * A commit takes one fsync of the write-ahead log. Calls are served one after another, in the order they were made.
 * After an error nothing of the batch is there, and the next call tries anew: it works when the cause is gone.
 */
export class SqliteJournal implements Journal {
  readonly #path: string;
  readonly #lock: JournalLock;
  readonly #sqlite: DatabaseSync;
  readonly #db: Kysely<JournalTables>;
  readonly #file: FileIdentity;
  #closed = false;

  private constructor(path: string, lock: JournalLock, sqlite: DatabaseSync) {
    this.#path = path;
    this.#lock = lock;
    this.#sqlite = sqlite;
    this.#db = new Kysely({ dialect: dialectOver(sqlite) });
    this.#file = identify(path);
  }

  /**
   * Opens the file, making or migrating it.
   *
   * @throws JournalError `JOURNAL_LOCKED`: another agent uses it. `JOURNAL_SCHEMA`: a newer version wrote it.
   *   `JOURNAL_READ`: it is damaged or no journal. `JOURNAL_WRITE`: it cannot be made or written.
   */
  static open(path: string): SqliteJournal {
    using cleanup = new DisposableStack();
    const realPath = ensureFile(path);
    const lock = cleanup.use(JournalLock.acquire(realPath));
    try {
      const sqlite = cleanup.adopt(openForWriting(realPath), (opened) => opened.close());
      migrate(sqlite);
      const journal = new SqliteJournal(realPath, lock, sqlite);
      cleanup.move();
      return journal;
    } catch (error) {
      throw asJournalError(isDamage(error) ? 'JOURNAL_READ' : 'JOURNAL_WRITE', realPath, error);
    }
  }

  async append(drafts: readonly Draft[], summaries: readonly IncidentSummary[]): Promise<readonly Entry[]> {
    return this.#try('JOURNAL_WRITE', async () => {
      assertSameFile(this.#path, this.#file);
      const entries = await this.#db.transaction().execute(async (transaction) => {
        const appended: Entry[] = [];
        for (const draft of drafts) appended.push(await appendEntry(transaction, draft));
        for (const summary of summaries) await putSummary(transaction, summary);
        return appended;
      });
      // SQLite holds the thread. In a storm one commit would follow the other, and timers and sockets would starve.
      await nextTurn();
      return entries;
    });
  }

  async *load(since: number, types: ReadonlySet<EntryBody['type']>): AsyncGenerator<LoadedEntry> {
    this.#assertOpen('JOURNAL_READ');
    try {
      let given = 0;
      for await (const loaded of loadEntries(this.#db, since, types)) {
        yield loaded;
        given += 1;
        if (given % LOADED_IN_A_TURN === 0) await nextTurn();
      }
    } catch (error) {
      throw asJournalError('JOURNAL_READ', this.#path, error);
    }
  }

  async entriesOf(
    incident: string,
    limit: number,
    types?: readonly Entry['body']['type'][],
  ): Promise<readonly Entry[]> {
    return this.#try('JOURNAL_READ', () => entriesOf(this.#db, incident, limit, types));
  }

  async incidents(query: IncidentQuery): Promise<readonly IncidentSummary[]> {
    return this.#try('JOURNAL_READ', () => listIncidents(this.#db, query));
  }

  async incident(id: string): Promise<IncidentSummary | null> {
    return this.#try('JOURNAL_READ', () => findIncident(this.#db, id));
  }

  /** Waits for the calls that are under way, and gives the file free. Later calls are refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The one connection is handed out in turn: who has it last is the last.
    await this.#db.connection().execute(async () => undefined);
    this.#sqlite.close();
    this.#lock[Symbol.dispose]();
  }

  #assertOpen(code: ErrorCode): void {
    if (this.#closed) throw new JournalError(code, `${this.#path} is closed`);
  }

  async #try<T>(code: ErrorCode, work: () => Promise<T>): Promise<T> {
    this.#assertOpen(code);
    try {
      return await work();
    } catch (error) {
      throw asJournalError(code, this.#path, error);
    }
  }
}

/** SQLite holds the thread: after so many loaded entries timers and sockets get a turn. */
const LOADED_IN_A_TURN = 100;

type FileIdentity = { readonly device: number; readonly inode: number };

function identify(path: string): FileIdentity {
  const { dev, ino } = statSync(path);
  return { device: dev, inode: ino };
}

/** A file that was removed or replaced still takes writes; but nobody will ever find them again. */
function assertSameFile(path: string, opened: FileIdentity): void {
  const now = statSync(path, { throwIfNoEntry: false });
  if (now?.dev === opened.device && now.ino === opened.inode) return;
  throw new JournalError('JOURNAL_WRITE', `${path} was removed or replaced while it was in use`);
}
