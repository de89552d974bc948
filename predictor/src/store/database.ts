import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Problem } from '../problems.ts';
import { MIGRATIONS } from './schema.ts';

export interface OpenOptions {
  /** A limit on the size of the file, in pages of 4 KiB, as a quota of the disk would set it. */
  readonly pagesMax?: number;
}

/** What the stores run their statements on. `Row` must be what the statement selects. */
export interface Statements {
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  run(sql: string, ...values: SQLInputValue[]): void;
  /** The same statement for many rows. */
  runEach(sql: string, rows: Iterable<readonly SQLInputValue[]>): void;
}

export interface Database extends Disposable {
  /** SQLite's own errors come out as problems: disk-full, store-failed. */
  read<T>(work: (statements: Statements) => T): Promise<T>;
  /** All of it or nothing. */
  write<T>(work: (statements: Statements) => T): Promise<T>;
}

/** Opens (and where needed creates and migrates) the database at `path`; ":memory:" keeps nothing. */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  const sqlite = connect(path, options);
  const statements = statementsOf(sqlite);
  return {
    async read(work) {
      return translated(() => work(statements));
    },
    async write(work) {
      return translated(() => {
        sqlite.exec('BEGIN IMMEDIATE');
        try {
          const result = work(statements);
          sqlite.exec('COMMIT');
          return result;
        } catch (error) {
          // A full disk has SQLite roll back by itself.
          if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
          throw error;
        }
      });
    },
    [Symbol.dispose]() {
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

function statementsOf(sqlite: DatabaseSync): Statements {
  return {
    // Only this folder writes statements, each beside the row type that it selects.
    all: <Row>(sql: string, ...values: SQLInputValue[]) => sqlite.prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => {
      sqlite.prepare(sql).run(...values);
    },
    runEach: (sql, rows) => {
      const statement = sqlite.prepare(sql);
      for (const row of rows) statement.run(...row);
    },
  };
}

function connect(path: string, options: OpenOptions): DatabaseSync {
  return translated(() => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const sqlite = new DatabaseSync(path);
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
    migrate(sqlite);
    if (options.pagesMax !== undefined)
      sqlite.exec(`PRAGMA max_page_count = ${Math.floor(options.pagesMax)}`);
    return sqlite;
  }, path);
}

function migrate(sqlite: DatabaseSync): void {
  const [row] = statementsOf(sqlite).all<{ user_version: number }>('PRAGMA user_version');
  const done = row?.user_version ?? 0;
  if (done > MIGRATIONS.length) {
    throw new Problem(
      'store-failed',
      `The database is of a newer version (${done}) than this program knows.`,
    );
  }
  for (const [i, migration] of MIGRATIONS.entries()) {
    if (i >= done) sqlite.exec(`BEGIN; ${migration} PRAGMA user_version = ${i + 1}; COMMIT`);
  }
}

/** SQLite's primary result code for a full disk. */
const SQLITE_FULL = 13;

function translated<T>(work: () => T, path?: string): T {
  try {
    return work();
  } catch (error) {
    throw storeProblem(error, path);
  }
}

function storeProblem(error: unknown, path?: string): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const where = path === undefined ? '' : ` (${path})`;
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
  const system = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === SQLITE_FULL || system === 'ENOSPC') {
    return new Problem('disk-full', `Nothing was stored${where}: ${error.message}.`, {}, error);
  }
  if (code !== undefined || system.startsWith('E')) {
    return new Problem('store-failed', `The database said${where}: ${error.message}.`, {}, error);
  }
  return error;
}
