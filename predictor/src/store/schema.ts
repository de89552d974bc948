/** Rows of the tables. The tables are STRICT: SQLite itself sees to it that they hold just this. Times are ms UTC. */
export interface VersionRow {
  symbol: string;
  version: number;
  created: number;
  origin: string;
  data_from: number;
  data_to: number;
  bars: number;
  body: string;
}

export interface BacktestRow {
  symbol: string;
  created: number;
  body: string;
}

/** Each is applied once, in order; `PRAGMA user_version` counts those applied. Never change one, add another. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE bars (
     symbol TEXT NOT NULL, time INTEGER NOT NULL,
     open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL,
     PRIMARY KEY (symbol, time)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE versions (
     symbol TEXT NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL, origin TEXT NOT NULL,
     data_from INTEGER NOT NULL, data_to INTEGER NOT NULL, bars INTEGER NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (symbol, version)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE active (
     symbol TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, since INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE backtests (
     symbol TEXT NOT NULL PRIMARY KEY, created INTEGER NOT NULL, body TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE held (
     symbol TEXT NOT NULL PRIMARY KEY, verdict TEXT NOT NULL, time INTEGER NOT NULL, close REAL NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];
