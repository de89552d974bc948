import type { Kysely } from 'kysely';
import { Problem } from '../problems.ts';
import type { Bar, RawBar } from '../series/bar.ts';
import { type Calendar, learnCalendar } from '../series/calendar.ts';
import { type Judgement, judge } from '../series/judge.ts';
import { parseBar } from '../series/parse-bar.ts';
import type { Database } from './database.ts';
import type { Tables } from './schema.ts';

export interface SeriesSummary {
  readonly symbol: string;
  readonly bars: number;
  readonly from: number;
  readonly to: number;
}

export interface AddOptions {
  readonly nowMs: number;
  readonly acceptJumps?: boolean;
  /** Store nothing at all when a bar contradicts one in the series. */
  readonly refuseConflicts?: boolean;
}

/** The newest bars that a series is read with; older ones stay in the store. */
export const BARS_READ_MAX = 20_000;
/** Rows of one batch. */
export const ROWS_MAX = 200_000;
const CALENDAR_BARS = 2_000;
const INSERT_ROWS = 500;

export class BarStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): Promise<SeriesSummary[]> {
    return this.#database.run((db) =>
      db
        .selectFrom('bars')
        .select((of) => [
          'symbol',
          of.fn.countAll<number>().as('bars'),
          of.fn.min('time').as('from'),
          of.fn.max('time').as('to'),
        ])
        .groupBy('symbol')
        .orderBy('symbol')
        .execute(),
    );
  }

  /** The newest bars, oldest first. */
  read(symbol: string, limit: number = BARS_READ_MAX): Promise<Bar[]> {
    return this.#database.run(async (db) => (await newest(db, symbol, limit)).reverse());
  }

  /**
   * Judges the rows and stores the good ones, in one transaction. The same rows again change nothing.
   * @throws Problem bars-conflict (with `refuseConflicts`), payload-too-large, disk-full, store-failed
   */
  add(symbol: string, rows: readonly RawBar[], options: AddOptions): Promise<Judgement> {
    if (rows.length > ROWS_MAX) {
      throw new Problem('payload-too-large', `${rows.length} rows at once; at most ${ROWS_MAX} are taken.`);
    }
    return this.#database.run((db) =>
      db.transaction().execute(async (tx) => {
        const judgement = judge(rows, {
          ...(await surroundings(tx, symbol, rows, options.nowMs)),
          acceptJumps: options.acceptJumps ?? false,
        });
        const conflicts = judgement.verdicts.filter((v) => v.verdict === 'conflict');
        if (conflicts.length > 0 && options.refuseConflicts === true) {
          const count = conflicts.length === 1 ? '1 bar disagrees' : `${conflicts.length} bars disagree`;
          throw new Problem('bars-conflict', `${count} with the series.`, {
            conflicts: conflicts.slice(0, 100),
          });
        }
        for (let i = 0; i < judgement.fresh.length; i += INSERT_ROWS) {
          const part = judgement.fresh.slice(i, i + INSERT_ROWS).map((bar) => ({ symbol, ...bar }));
          await tx.insertInto('bars').values(part).execute();
        }
        return judgement;
      }),
    );
  }
}

async function newest(db: Kysely<Tables>, symbol: string, limit: number): Promise<Bar[]> {
  return db
    .selectFrom('bars')
    .select(['time', 'open', 'high', 'low', 'close', 'volume'])
    .where('symbol', '=', symbol)
    .orderBy('time', 'desc')
    .limit(limit)
    .execute();
}

/** What the rows are judged against: the bars of the series in their range, and one before it. */
async function surroundings(
  db: Kysely<Tables>,
  symbol: string,
  rows: readonly RawBar[],
  nowMs: number,
): Promise<{
  nowMs: number;
  knownAt: (time: number) => Bar | undefined;
  knownBefore: (time: number) => Bar | undefined;
  calendar: Calendar | undefined;
}> {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const raw of rows) {
    const parsed = parseBar(raw, nowMs);
    if (!('bar' in parsed)) continue;
    from = Math.min(from, parsed.bar.time);
    to = Math.max(to, parsed.bar.time);
  }
  const recent = (await newest(db, symbol, CALENDAR_BARS)).map(({ time }) => time).reverse();
  const calendar = recent.length < 20 ? undefined : learnCalendar(recent);
  if (from > to) return { nowMs, knownAt: () => undefined, knownBefore: () => undefined, calendar };

  const bars = db
    .selectFrom('bars')
    .select(['time', 'open', 'high', 'low', 'close', 'volume'])
    .where('symbol', '=', symbol);
  const before = await bars.where('time', '<', from).orderBy('time', 'desc').limit(1).execute();
  const within = await bars.where('time', '>=', from).where('time', '<=', to).orderBy('time').execute();
  const known = [...before, ...within];
  const byTime = new Map(known.map((bar) => [bar.time, bar]));
  return {
    nowMs,
    calendar,
    knownAt: (time) => byTime.get(time),
    knownBefore: (time) => lastBefore(known, time),
  };
}

function lastBefore(bars: readonly Bar[], time: number): Bar | undefined {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return bars[low - 1];
}
