import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { JournalError } from '../errors.ts';
import { schemaVersionOf } from './migrations.ts';
import { openForReading } from './openDatabase.ts';
import { asJournalError } from './sqliteError.ts';
import { type JournalReport, verifyJournal } from './verify.ts';

/**
 * Copies the journal as of one moment, also while an agent writes to it, which does not wait for the copy. The copy
 * is verified and on the disk before it has its name; a file of that name is never overwritten.
 *
 * @throws JournalError `FILE_EXISTS` when there is a file of that name, `JOURNAL_WRITE` when the copy cannot be made,
 *   `JOURNAL_READ` when the journal cannot be read or the copy is not in order.
 */
export function backUpJournal(path: string, to: string): JournalReport {
  if (existsSync(to)) throw new JournalError('FILE_EXISTS', to);
  const part = `${to}.part`;
  try {
    rmSync(part, { force: true });
    copy(path, part);
    const report = verifyJournal(part);
    if (report.problemsInAll > 0) {
      throw new JournalError('JOURNAL_READ', `the copy is not in order: ${report.problems[0]}`);
    }
    flush(part);
    renameSync(part, to);
    flush(dirname(to));
    return report;
  } finally {
    rmSync(part, { force: true });
  }
}

function copy(path: string, part: string): void {
  try {
    using db = openForReading(path);
    schemaVersionOf(db);
    db.prepare('VACUUM INTO ?').run(part);
  } catch (error) {
    throw asJournalError('JOURNAL_READ', `${path} to ${part}`, error);
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
