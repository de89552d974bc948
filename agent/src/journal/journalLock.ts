import { DatabaseSync } from 'node:sqlite';
import { JournalError } from '../errors.ts';
import { asJournalError, isBusy } from './sqliteError.ts';

/**
 * Keeps a second agent from a journal. The lock is SQLite's own, on an empty database beside the journal: the
 * kernel drops it when the process ends, however it ends, and readers of the journal (backup, verify) are not kept out.
 *
 * Works between processes and containers of one host, and inside one process.
 */
export class JournalLock implements Disposable {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @throws JournalError `JOURNAL_LOCKED` when another agent has it, `JOURNAL_WRITE` when there can be no lock. */
  static acquire(journalPath: string): JournalLock {
    const path = `${journalPath}-lock`;
    let db: DatabaseSync | null = null;
    try {
      db = new DatabaseSync(path, { timeout: 0 });
      db.exec('BEGIN EXCLUSIVE');
      return new JournalLock(db);
    } catch (error) {
      db?.close();
      if (isBusy(error)) throw new JournalError('JOURNAL_LOCKED', path, { cause: error });
      throw asJournalError('JOURNAL_WRITE', path, error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }
}
