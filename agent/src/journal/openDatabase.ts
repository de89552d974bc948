import { closeSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalError } from '../errors.ts';

/** How long a write waits for another process that writes (pruning), milliseconds. It blocks; so it is short. */
const BUSY_TIMEOUT_MS = 1_000;

/** The write-ahead log is cut back to this after a burst, bytes. */
const WAL_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Makes the file where there is none, readable by its owner alone (evidence may hold what is nobody else's business),
 * and answers its real path: through a symbolic link it must be locked under the same name.
 */
export function ensureFile(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Append mode makes and never cuts; it also tells at once when the file cannot be written.
    closeSync(openSync(path, 'a', 0o600));
    return realpathSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JournalError('JOURNAL_WRITE', `${path} cannot be opened for writing (${why})`, {
      cause: error,
    });
  }
}

/** Opens the file for writing. A commit is on the disk when it returns: write-ahead log, and `synchronous = FULL`. */
export function openForWriting(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // `recursive_triggers`: so that `INSERT OR REPLACE` cannot slip past the trigger that forbids to delete.
    db.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = ${WAL_BYTES_MAX};
      PRAGMA recursive_triggers = ON;
    `);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the file for reading, beside an agent that uses it. */
export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}
