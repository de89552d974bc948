import { Problem } from '../problems.ts';
import { type ModelVersion, versionBody } from '../service/version.ts';
import type { Database, Statements } from './database.ts';
import type { VersionRow } from './schema.ts';

export type NewVersion = Omit<ModelVersion, 'version'>;

/** Versions kept per series: the newest. */
export const VERSIONS_KEPT = 50;

export class VersionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  list(symbol: string): Promise<ModelVersion[]> {
    return this.#database.read((db) =>
      db
        .all<VersionRow>('SELECT * FROM versions WHERE symbol = ? ORDER BY version DESC', symbol)
        .map(fromRow),
    );
  }

  active(symbol: string): Promise<ModelVersion | undefined> {
    return this.#database.read((db) => {
      const [row] = db.all<VersionRow>(
        'SELECT versions.* FROM versions JOIN active USING (symbol, version) WHERE symbol = ?',
        symbol,
      );
      return row === undefined ? undefined : fromRow(row);
    });
  }

  /** Stores a version under the next number and makes it the active one. */
  addActive(version: NewVersion): Promise<ModelVersion> {
    return this.#database.write((db) => {
      const { symbol, createdMs } = version;
      const [last] = db.all<{ version: number | null }>(
        'SELECT max(version) AS version FROM versions WHERE symbol = ?',
        symbol,
      );
      const number = (last?.version ?? 0) + 1;
      db.run(
        `INSERT INTO versions (symbol, version, created, origin, data_from, data_to, bars, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[symbol, number, createdMs, version.origin, version.dataFromMs, version.dataToMs, version.bars],
        JSON.stringify(version.body),
      );
      setActive(db, symbol, number, createdMs);
      db.run('DELETE FROM versions WHERE symbol = ? AND version <= ?', symbol, number - VERSIONS_KEPT);
      return { ...version, version: number };
    });
  }

  /** @throws Problem unknown-version */
  activate(symbol: string, version: number, nowMs: number): Promise<ModelVersion> {
    return this.#database.write((db) => {
      const [row] = db.all<VersionRow>(
        'SELECT * FROM versions WHERE symbol = ? AND version = ?',
        symbol,
        version,
      );
      if (row === undefined) throw new Problem('unknown-version', `${symbol} has no version ${version}.`);
      setActive(db, symbol, version, nowMs);
      return fromRow(row);
    });
  }
}

function setActive(db: Statements, symbol: string, version: number, nowMs: number): void {
  db.run('REPLACE INTO active (symbol, version, since) VALUES (?, ?, ?)', symbol, version, nowMs);
}

function fromRow(row: VersionRow): ModelVersion {
  return {
    symbol: row.symbol,
    version: row.version,
    createdMs: row.created,
    origin: row.origin === 'fault' ? 'fault' : 'fit',
    dataFromMs: row.data_from,
    dataToMs: row.data_to,
    bars: row.bars,
    body: versionBody.parse(JSON.parse(row.body)),
  };
}
