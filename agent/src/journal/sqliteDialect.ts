import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { SqliteDialect, type SqliteStatement } from 'kysely';

/** Statements kept prepared; the journal has about a dozen. */
const STATEMENTS_MAX = 64;

/** Kysely's dialect over the SQLite that is built into Node: what `SqliteDialect` needs, in the names of `DatabaseSync`. */
export function dialectOver(db: DatabaseSync): SqliteDialect {
  const prepared = new Map<string, SqliteStatement>();
  return new SqliteDialect({
    database: {
      close: () => db.close(),
      prepare: (sql) => {
        // SQLite ends a transaction by itself after some errors (a full disk); then there is nothing to roll back,
        // and saying so would hide the first error.
        if (sql === 'rollback' && !db.isTransaction) return nothingToDo;
        const known = prepared.get(sql);
        if (known !== undefined) return known;
        const statement = prepare(db, sql);
        if (prepared.size < STATEMENTS_MAX) prepared.set(sql, statement);
        return statement;
      },
    },
  });
}

const nothingToDo: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

function prepare(db: DatabaseSync, sql: string): SqliteStatement {
  const statement = db.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...inputs(parameters)),
    run: (parameters) => statement.run(...inputs(parameters)),
    iterate: (parameters) => statement.iterate(...inputs(parameters)),
  };
}

function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  // The table types admit strings, numbers and null alone, and all queries are built from them.
  return parameters as SQLInputValue[];
}
