import { Problem } from '../problems.ts';
import type { Bar } from '../series/bar.ts';
import { judge } from '../series/judge.ts';
import { isRejection } from '../series/verdict.ts';
import { csvFileSource } from '../sources/csv-file.ts';
import { BarStore } from '../store/bar-store.ts';
import { openDatabase } from '../store/database.ts';
import { SAMPLE_PATH } from './sample.ts';

export interface SeriesInput {
  readonly symbol?: string;
  readonly db: string;
  /** Straight from a file of bars, past any database. */
  readonly csv?: string;
  readonly sample?: true;
}

/**
 * The bars that a command works on: from a CSV file of bars, the sample, or a series in the database.
 * @throws Problem unknown-symbol, source-unreachable, source-garbage
 */
export async function readBars(input: SeriesInput): Promise<{ symbol: string; bars: Bar[] }> {
  const path = input.sample === true ? SAMPLE_PATH : input.csv;
  if (path !== undefined) {
    const rows = await csvFileSource(path).fetch('', new AbortController().signal);
    const { fresh, verdicts } = judge(rows, {
      nowMs: Date.now(),
      knownAt: () => undefined,
      knownBefore: () => undefined,
      calendar: undefined,
      acceptJumps: false,
    });
    const rejected = verdicts.filter(isRejection);
    if (rejected.length > 0) {
      console.error(
        `${rejected.length} rows are left out; the first: row ${rejected[0]?.row}, ${rejected[0]?.detail}`,
      );
    }
    return { symbol: input.symbol ?? (input.sample === true ? 'SP500' : path), bars: [...fresh] };
  }
  if (input.symbol === undefined) {
    throw new Problem('invalid-request', 'Say which bars: --symbol (with --db), --csv or --sample.');
  }
  using database = openDatabase(input.db);
  const bars = await new BarStore(database).read(input.symbol);
  if (bars.length === 0)
    throw new Problem('unknown-symbol', `There is no series "${input.symbol}" in ${input.db}.`);
  return { symbol: input.symbol, bars };
}
