import { type Kysely, sql } from 'kysely';
import type { EntryBody } from '../core/entry.ts';
import type { LoadedEntry } from '../ports.ts';
import { decodeEntry } from './entryCodec.ts';
import type { JournalTables } from './tables.ts';

type Db = Kysely<JournalTables>;

/** What a start folds, in order: see `Journal.load`. Holds one entry at a time. */
export async function* loadEntries(
  db: Db,
  since: number,
  types: ReadonlySet<EntryBody['type']>,
): AsyncIterable<LoadedEntry> {
  const first = await firstSince(db, since);
  // The few among all that is old are found by index, the many of late by their places.
  const older = entriesBefore(db, first).stream();
  for await (const { settled, ...row } of older) yield { entry: decodeEntry(row), settled: settled === 1 };
  if (first === null) return;
  const recent = entriesFrom(db, first, since, types).stream();
  for await (const { settled, ...row } of recent) yield { entry: decodeEntry(row), settled: settled === 1 };
}

/** Place of the first entry since then; by the index of times, for by their places all older ones would be passed. */
async function firstSince(db: Db, since: number): Promise<number | null> {
  const { first } = await db
    .selectFrom('entries')
    .select(({ fn }) => fn.min<number | null>(sql`+seq`).as('first'))
    .where('at', '>=', since)
    .executeTakeFirstOrThrow();
  return first;
}

function entriesBefore(db: Db, place: number | null) {
  const kept = db
    .selectFrom('entries')
    .select('seq')
    .where('incident', 'in', db.selectFrom('unsettled').select('incident'))
    .union(db.selectFrom('in_force').select('seq'));
  return storedEntries(db)
    .where('seq', 'in', kept)
    .$if(place !== null, (entries) => entries.where('seq', '<', place))
    .orderBy('seq');
}

function entriesFrom(db: Db, place: number, since: number, types: ReadonlySet<EntryBody['type']>) {
  return storedEntries(db)
    .where('seq', '>=', place)
    .where(({ eb, and, or }) =>
      or([
        and([
          // By its place and not by its time: an index would give another order.
          sql<boolean>`+at >= ${since}`,
          or([eb('incident', 'is', null), eb('type', 'in', [...types])]),
        ]),
        eb('incident', 'in', db.selectFrom('unsettled').select('incident')),
        eb('seq', 'in', db.selectFrom('in_force').select('seq')),
      ]),
    )
    .orderBy('seq');
}

function storedEntries(db: Db) {
  return db
    .selectFrom('entries')
    .selectAll()
    .select(({ eb, and, not }) =>
      and([
        eb('incident', 'is not', null),
        not(eb('incident', 'in', db.selectFrom('unsettled').select('incident'))),
      ]).as('settled'),
    );
}
