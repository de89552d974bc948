import { Problem } from '../problems.ts';
import type { Bar, RawBar } from '../series/bar.ts';
import { learnCalendar } from '../series/calendar.ts';
import type { Held } from '../series/held.ts';
import { type JudgeContext, type Judgement, judge } from '../series/judge.ts';
import { RECENT_BARS } from '../series/jump.ts';
import { parseBar } from '../series/parse-bar.ts';
import type { Database, Statements } from './database.ts';

export interface SeriesSummary {
  readonly symbol: string;
  readonly bars: number;
  readonly from: number;
  readonly to: number;
}

export interface AddOptions {
  readonly nowMs: number;
  readonly acceptJumps?: boolean;
  /** A bar that contradicts one in the series takes its place. */
  readonly replace?: boolean;
  /** Store nothing at all when a bar contradicts one in the series. */
  readonly refuseConflicts?: boolean;
}

/** The newest bars that a series is read with; older ones stay in the store. */
const BARS_READ_MAX = 20_000;
/** Rows of one batch. */
const ROWS_MAX = 200_000;
const CALENDAR_BARS = 2_000;
const COLUMNS = 'time, open, high, low, close, volume';

export class BarStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): Promise<SeriesSummary[]> {
    return this.#database.read((db) =>
      db.all<SeriesSummary>(
        'SELECT symbol, count(*) AS bars, min(time) AS "from", max(time) AS "to" FROM bars GROUP BY symbol ORDER BY symbol',
      ),
    );
  }

  /** The newest bars, oldest first. */
  read(symbol: string, limit: number = BARS_READ_MAX): Promise<Bar[]> {
    return this.#database.read((db) => newest(db, symbol, limit).reverse());
  }

  /**
   * Judges the rows and stores the good ones, in one transaction. The same rows again change nothing.
   * @throws Problem bars-conflict (with `refuseConflicts`), payload-too-large, disk-full, store-failed
   */
  add(symbol: string, rows: readonly RawBar[], options: AddOptions): Promise<Judgement> {
    return this.#database.write((db) => {
      if (rows.length > ROWS_MAX) {
        throw new Problem('payload-too-large', `${rows.length} rows at once; at most ${ROWS_MAX} are taken.`);
      }
      const context = surroundings(db, symbol, rows, options.nowMs);
      const { acceptJumps = false, replace = false } = options;
      const judgement = judge(rows, { ...context, acceptJumps, replace });
      const conflicts = judgement.verdicts.filter((v) => v.verdict === 'conflict');
      if (conflicts.length > 0 && options.refuseConflicts === true) {
        const count = conflicts.length === 1 ? '1 bar disagrees' : `${conflicts.length} bars disagree`;
        throw new Problem('bars-conflict', `${count} with the series.`, {
          conflicts: conflicts.slice(0, 100),
        });
      }
      db.runEach(
        `INSERT INTO bars (symbol, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (symbol, time) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low,
           close = excluded.close, volume = excluded.volume`,
        [...judgement.fresh, ...judgement.replaced].map((bar) => [
          symbol,
          bar.time,
          bar.open,
          bar.high,
          bar.low,
          bar.close,
          bar.volume,
        ]),
      );
      if (judgement.held !== context.held) hold(db, symbol, judgement.held);
      return judgement;
    });
  }
}

function hold(db: Statements, symbol: string, held: Held | undefined): void {
  if (held === undefined) {
    db.run('DELETE FROM held WHERE symbol = ?', symbol);
    return;
  }
  const { verdict, time, close } = held;
  db.run('INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)', symbol, verdict, time, close);
}

function newest(db: Statements, symbol: string, limit: number): Bar[] {
  return db.all<Bar>(
    `SELECT ${COLUMNS} FROM bars WHERE symbol = ? ORDER BY time DESC LIMIT ?`,
    symbol,
    limit,
  );
}

/** What the rows are judged against: the bars of the series in their range, and one before it. */
function surroundings(
  db: Statements,
  symbol: string,
  rows: readonly RawBar[],
  nowMs: number,
): Omit<JudgeContext, 'acceptJumps' | 'replace'> {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const raw of rows) {
    const parsed = parseBar(raw, nowMs);
    if (!('bar' in parsed)) continue;
    from = Math.min(from, parsed.bar.time);
    to = Math.max(to, parsed.bar.time);
  }
  const bars = newest(db, symbol, CALENDAR_BARS).reverse();
  const calendar = bars.length < 20 ? undefined : learnCalendar(bars.map(({ time }) => time));
  const [held] = db.all<Held>('SELECT verdict, time, close FROM held WHERE symbol = ?', symbol);
  const series = { nowMs, calendar, recent: bars.slice(-RECENT_BARS), held };
  if (from > to) return { ...series, knownAt: () => undefined, knownBefore: () => undefined };

  const where = `SELECT ${COLUMNS} FROM bars WHERE symbol = ? AND`;
  const known = [
    ...db.all<Bar>(`${where} time < ? ORDER BY time DESC LIMIT 1`, symbol, from),
    ...db.all<Bar>(`${where} time BETWEEN ? AND ? ORDER BY time`, symbol, from, to),
  ];
  const byTime = new Map(known.map((bar) => [bar.time, bar]));
  return {
    ...series,
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
