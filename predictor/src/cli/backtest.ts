import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { csvReport } from '../backtest/report-csv.ts';
import { htmlReport } from '../backtest/report-html.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { runBacktest } from '../backtest/run.ts';
import { FAMILY_DEFAULTS } from '../models/settings.ts';
import { Problem } from '../problems.ts';
import { returnsOf } from '../series/returns.ts';
import { isoTime, printJson, printTable, progressLine, wholeNumber } from './output.ts';
import { readBars, type SeriesInput } from './series-input.ts';

interface BacktestOptions extends SeriesInput {
  readonly from?: number;
  readonly to?: number;
  readonly refitEveryBars?: number;
  readonly fitBars: number;
  readonly html?: string;
  readonly daysCsv?: string;
  readonly json?: true;
}

const DAY_MS = 86_400_000;
const LAST_DATE_MS = 8.64e15;

export function backtestCommand(): Command {
  return new Command('backtest')
    .description(
      'walks forward through the past, forecasting each day from the days before it, and keeps score',
    )
    .option('--symbol <name>', 'the series')
    .option('--db <file>', 'the SQLite database', 'predictor.sqlite')
    .option('--csv <file>', 'a CSV file of bars instead')
    .option('--sample', 'the sample that comes with the program instead')
    .option('--from <date>', 'the first day that is scored', isoTime)
    .option('--to <date>', 'the last day that is scored', isoTime)
    .option('--refit-every-bars <number>', 'refit so often; monthly when left out', wholeNumber(1, 10_000))
    .option('--fit-bars <number>', 'bars that a fit reads', wholeNumber(250, 20_000), FAMILY_DEFAULTS.fitBars)
    .option('--html <file>', 'write a report with plots')
    .option('--days-csv <file>', 'write every scored day')
    .option('--json', 'print JSON, with every scored day')
    .action(backtest);
}

async function backtest(options: BacktestOptions): Promise<void> {
  const { symbol, bars } = await readBars(options);
  const show = progressLine('backtest');
  const result = runBacktest(
    returnsOf(bars),
    {
      symbol,
      fromMs: options.from ?? 0,
      toMs: options.to === undefined ? LAST_DATE_MS : options.to + DAY_MS - 1,
      refit: options.refitEveryBars === undefined ? 'monthly' : { everyBars: options.refitEveryBars },
      family: { ...FAMILY_DEFAULTS, fitBars: options.fitBars },
    },
    ({ done, total }) => show(done, total),
  );
  if (options.html !== undefined) await write(options.html, htmlReport(result, Date.now()));
  if (options.daysCsv !== undefined) await write(options.daysCsv, csvReport(result));
  if (options.json === true) printJson(result);
  else print(result);
  // A result that looked ahead is no result.
  if (!result.audit.clean) process.exitCode = 1;
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    const code = error.code === 'ENOSPC' ? 'disk-full' : 'invalid-request';
    throw new Problem(code, `${path} cannot be written: ${error.message}.`);
  });
  console.error(`wrote ${path}`);
}

function print(result: BacktestResult): void {
  const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const p = (value: number): string => (value < 1e-4 ? value.toExponential(1) : value.toFixed(4));
  console.log(
    `${result.symbol}: ${result.days.length} days from ${date(result.from)} to ${date(result.to)}, ` +
      `refit ${result.refit} on ${result.fitBars} bars (${result.refits} fits, ${result.refitsFailed} not converged)`,
  );
  console.log('\nCRPS of one-day returns in percent; skill over the random walk; Diebold-Mariano against it');
  printTable(
    ['model', 'CRPS', 'skill', '95 % interval', 'DM', 'p'],
    result.scores.map(({ name, crps, skill, dieboldMariano: dm }) => [
      name,
      crps.toFixed(5),
      percent(skill.value),
      `${percent(skill.lower)} to ${percent(skill.upper)}`,
      dm?.statistic.toFixed(2) ?? '-',
      dm === undefined ? '-' : p(dm.pValue),
    ]),
  );
  console.log('\nCoverage of one-day intervals; p-values of the tests');
  printTable(
    ['nominal', 'observed', 'misses', 'Kupiec', 'independence', 'conditional'],
    result.coverage.map((c) => [
      `${c.nominal * 100} %`,
      percent(c.observed),
      String(c.misses),
      ...[c.kupiec, c.independence, c.conditional].map(({ pValue }) => p(pValue)),
    ]),
  );
  const { audit } = result;
  console.log(
    audit.clean
      ? `\nlook-ahead audit: clean; ${audit.daysCompared} days forecast again without their future, the same to the last bit`
      : `\nlook-ahead audit: FAILED at day ${audit.firstDifferentDay}; these scores mean nothing`,
  );
}
