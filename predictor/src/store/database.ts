import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Problem } from '../problems.ts';
import { MIGRATIONS, type Tables } from './schema.ts';
import { nodeSqliteDialect } from './sqlite-dialect.ts';

export interface OpenOptions {
  /** A limit on the size of the file, in pages of 4 KiB, as a quota of the disk would set it. */
  readonly pagesMax?: number;
}

export interface Database extends AsyncDisposable {
  readonly kysely: Kysely<Tables>;
  /** Runs a query or transaction; SQLite's own errors come out as problems. */
  run<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>;
}

/** Opens (and where needed creates and migrates) the database at `path`; ":memory:" keeps nothing. */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  const sqlite = connect(path, options);
  const kysely = new Kysely<Tables>({ dialect: nodeSqliteDialect(sqlite) });
  return {
    kysely,
    async run(work) {
      try {
        return await work(kysely);
      } catch (error) {
        throw storeProblem(error);
      }
    },
    async [Symbol.asyncDispose]() {
      await kysely.destroy();
      // Kysely closes only what it has used.
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

function connect(path: string, options: OpenOptions): DatabaseSync {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const sqlite = new DatabaseSync(path);
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
    migrate(sqlite);
    if (options.pagesMax !== undefined)
      sqlite.exec(`PRAGMA max_page_count = ${Math.floor(options.pagesMax)}`);
    return sqlite;
  } catch (error) {
    throw storeProblem(error, path);
  }
}

function migrate(sqlite: DatabaseSync): void {
  // `user_version` always has one row with one number.
  const { user_version: done } = sqlite.prepare('PRAGMA user_version').get() as { user_version: number };
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

/** SQLite's primary result codes, of which only these call for words of their own. */
const SQLITE_FULL = 13;

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
