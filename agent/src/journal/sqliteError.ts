import { type ErrorCode, JournalError } from '../errors.ts';

/** SQLite's primary result codes that have a cause an operator can mend (https://sqlite.org/rescode.html). */
const REASONS: Readonly<Record<number, string>> = {
  3: 'access is denied',
  5: 'another process holds its lock',
  8: 'it is read-only',
  10: 'the disk answers with an input/output error',
  11: 'the file is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'the file is no SQLite database',
};

/** What is known of an error of SQLite, in words; `null` when it is none. */
export function sqliteReason(error: unknown): string | null {
  const code = primaryCode(error);
  if (code === null || !(error instanceof Error)) return null;
  const reason = REASONS[code];
  return reason === undefined ? error.message : `${reason} (${error.message})`;
}

/** Whether the error says that someone else holds the lock. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5;
}

/** Whether the error says that the file itself is broken; the remedy then is another than where it cannot be written. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === 11 || code === 26;
}

/** The same error with a code and a remedy, if it is one of SQLite's; what else failed is a defect and stays as it is. */
export function asJournalError(code: ErrorCode, path: string, error: unknown): unknown {
  if (error instanceof JournalError) return error;
  const reason = sqliteReason(error);
  return reason === null ? error : new JournalError(code, `${path}: ${reason}`, { cause: error });
}

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
