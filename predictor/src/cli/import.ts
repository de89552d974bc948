import { Command, Option } from 'commander';
import { Problem } from '../problems.ts';
import { isRejection, type Verdict } from '../series/verdict.ts';
import { readSources, SYMBOL_PATTERN } from '../sources/config.ts';
import { csvFileSource } from '../sources/csv-file.ts';
import { httpSource } from '../sources/http.ts';
import type { Source } from '../sources/source.ts';
import { BarStore } from '../store/bar-store.ts';
import { openDatabase } from '../store/database.ts';
import { printJson, wholeNumber } from './output.ts';
import { SAMPLE_PATH, SAMPLE_SYMBOL } from './sample.ts';

interface ImportOptions {
  readonly symbol?: string;
  readonly db: string;
  readonly csv?: string;
  readonly url?: string;
  readonly format: 'csv' | 'json';
  readonly rowsAt?: string;
  readonly sources?: string;
  readonly sample?: true;
  readonly columns?: Record<string, string>;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly acceptJumps?: true;
  readonly replace?: true;
  readonly json?: true;
}

const SHOWN_MAX = 20;
const FETCH_DEADLINE_MS = 120_000;

export function importCommand(): Command {
  return new Command('import')
    .description('takes bars into a series, with a verdict for each that is not good')
    .option('--symbol <name>', 'the series; it is made if it is new')
    .option('--db <file>', 'the SQLite database', 'predictor.sqlite')
    .option('--csv <file>', 'from a CSV file with a header')
    .option('--url <template>', 'from an address; {symbol} stands for the symbol')
    .addOption(
      new Option('--format <name>', 'what the address answers').choices(['csv', 'json']).default('csv'),
    )
    .option('--rows-at <path>', 'where the list of rows is in the JSON, as data.bars')
    .option('--sources <file>', 'from the source that this file names for the symbol')
    .option('--sample', `the sample that comes with the program, as ${SAMPLE_SYMBOL}`)
    .option('--columns <mapping>', 'names of columns, as time=Date,close=Last', parseColumns)
    .option('--timeout-ms <number>', 'of one request', wholeNumber(10, 120_000), 10_000)
    .option('--retries <number>', 'requests after a failed one', wholeNumber(0, 10), 2)
    .option('--accept-jumps', 'keep bars that look like a split or a mistake of the decimal point')
    .option('--replace', 'let bars that contradict those of the series take their place')
    .option('--json', 'print JSON')
    .action(importBars);
}

async function importBars(options: ImportOptions): Promise<void> {
  const { symbol, source, acceptJumps } = await chooseSource(options);
  const rows = await source.fetch(symbol, AbortSignal.timeout(FETCH_DEADLINE_MS));
  using database = openDatabase(options.db);
  const store = new BarStore(database);
  const { verdicts, fresh, replaced } = await store.add(symbol, rows, {
    nowMs: Date.now(),
    acceptJumps: options.acceptJumps ?? acceptJumps ?? false,
    replace: options.replace ?? false,
  });
  const remarks = verdicts.filter((verdict) => 'detail' in verdict);
  const rejected = verdicts.filter(isRejection);
  const known = verdicts.filter(({ verdict }) => verdict === 'known').length;
  if (options.json === true) {
    printJson({
      symbol,
      rows: rows.length,
      added: fresh.length,
      replaced: replaced.length,
      known,
      rejected: rejected.length,
      verdicts: remarks,
    });
  } else {
    console.log(
      `${symbol}: ${rows.length} rows, ${fresh.length} added, ${known} known, ${rejected.length} rejected` +
        (replaced.length > 0 ? `, ${replaced.length} replaced` : ''),
    );
    for (const verdict of remarks.slice(0, SHOWN_MAX))
      console.log(`  row ${verdict.row}: ${inWords(verdict)}`);
    if (remarks.length > SHOWN_MAX)
      console.log(`  ... and ${remarks.length - SHOWN_MAX} more (--json shows all)`);
  }
  if (rows.length > 0 && rejected.length === rows.length) process.exitCode = 1;
}

function inWords(verdict: Verdict): string {
  return 'detail' in verdict ? `${verdict.verdict}: ${verdict.detail}` : verdict.verdict;
}

async function chooseSource(
  options: ImportOptions,
): Promise<{ symbol: string; source: Source; acceptJumps?: boolean }> {
  const columns = options.columns ?? {};
  const symbol = options.symbol ?? (options.sample === true ? SAMPLE_SYMBOL : undefined);
  if (symbol === undefined) throw new Problem('invalid-request', 'Name the series with --symbol.');
  if (!SYMBOL_PATTERN.test(symbol)) throw new Problem('invalid-request', `"${symbol}" is no symbol.`);
  if (options.sample === true) return { symbol, source: csvFileSource(SAMPLE_PATH) };
  if (options.csv !== undefined) return { symbol, source: csvFileSource(options.csv, columns) };
  if (options.url !== undefined) {
    const { url, format, rowsAt, timeoutMs, retries } = options;
    return {
      symbol,
      source: httpSource({ url, format, rowsAt, columns, timeoutMs, retries, retryDelayMs: 500 }),
    };
  }
  if (options.sources !== undefined) {
    const found = (await readSources(options.sources)).find((configured) => configured.symbol === symbol);
    if (found !== undefined) return found;
    throw new Problem('invalid-request', `${options.sources} names no source for ${symbol}.`);
  }
  throw new Problem('invalid-request', 'Say where from: --csv, --url, --sources or --sample.');
}

const FIELDS = ['time', 'open', 'high', 'low', 'close', 'volume'];

function parseColumns(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => {
    const [field, column] = pair.split('=', 2);
    if (field === undefined || column === undefined || !FIELDS.includes(field)) {
      throw new Problem(
        'invalid-request',
        `"${pair}" is not of the form field=column with a field of ${FIELDS}.`,
      );
    }
    return [field, column] as const;
  });
  return Object.fromEntries(pairs);
}
