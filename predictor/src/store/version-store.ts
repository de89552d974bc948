import { Problem } from '../problems.ts';
import { type ModelVersion, versionBody } from '../service/version.ts';
import type { Database } from './database.ts';
import type { VersionRow } from './schema.ts';

export type NewVersion = Omit<ModelVersion, 'version'>;

/** Versions kept per series; the oldest that is not active goes first. */
export const VERSIONS_KEPT = 50;

export class VersionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  list(symbol: string): Promise<ModelVersion[]> {
    return this.#database.run(async (db) =>
      (
        await db
          .selectFrom('versions')
          .selectAll()
          .where('symbol', '=', symbol)
          .orderBy('version', 'desc')
          .execute()
      ).map(fromRow),
    );
  }

  find(symbol: string, version: number): Promise<ModelVersion | undefined> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('versions')
        .selectAll()
        .where('symbol', '=', symbol)
        .where('version', '=', version)
        .executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    });
  }

  active(symbol: string): Promise<ModelVersion | undefined> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('versions')
        .innerJoin('active', (join) =>
          join
            .onRef('active.symbol', '=', 'versions.symbol')
            .onRef('active.version', '=', 'versions.version'),
        )
        .selectAll('versions')
        .where('versions.symbol', '=', symbol)
        .executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    });
  }

  /** Stores a version under the next number and makes it the active one, both or neither. */
  addActive(version: NewVersion): Promise<ModelVersion> {
    return this.#database.run((db) =>
      db.transaction().execute(async (tx) => {
        const { symbol } = version;
        const last = await tx
          .selectFrom('versions')
          .select((of) => of.fn.max('version').as('version'))
          .where('symbol', '=', symbol)
          .executeTakeFirst();
        const number = (last?.version ?? 0) + 1;
        await tx
          .insertInto('versions')
          .values(toRow({ ...version, version: number }))
          .execute();
        const active = { symbol, version: number, since: version.createdMs };
        await tx.replaceInto('active').values(active).execute();
        await tx
          .deleteFrom('versions')
          .where('symbol', '=', symbol)
          .where('version', '<=', number - VERSIONS_KEPT)
          .execute();
        return { ...version, version: number };
      }),
    );
  }

  /** @throws Problem unknown-version */
  activate(symbol: string, version: number, nowMs: number): Promise<ModelVersion> {
    return this.#database.run((db) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('versions')
          .selectAll()
          .where('symbol', '=', symbol)
          .where('version', '=', version)
          .executeTakeFirst();
        if (row === undefined) throw new Problem('unknown-version', `${symbol} has no version ${version}.`);
        await tx.replaceInto('active').values({ symbol, version, since: nowMs }).execute();
        return fromRow(row);
      }),
    );
  }
}

function toRow(version: ModelVersion): VersionRow {
  return {
    symbol: version.symbol,
    version: version.version,
    created: version.createdMs,
    origin: version.origin,
    data_from: version.dataFromMs,
    data_to: version.dataToMs,
    bars: version.bars,
    body: JSON.stringify(version.body),
  };
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
