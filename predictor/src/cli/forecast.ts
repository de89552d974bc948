import { Command } from 'commander';
import { FAMILY_DEFAULTS } from '../models/settings.ts';
import { Problem } from '../problems.ts';
import { learnCalendar } from '../series/calendar.ts';
import { fingerprint, returnsOf } from '../series/returns.ts';
import { fitVersion } from '../service/fit-version.ts';
import { describeForecast, type Forecast } from '../service/forecast.ts';
import { HORIZON_MAX, RETURNS_MIN } from '../service/limits.ts';
import { prepare } from '../service/prepare.ts';
import type { ModelVersion } from '../service/version.ts';
import { openDatabase } from '../store/database.ts';
import { VersionStore } from '../store/version-store.ts';
import { printJson, printTable, wholeNumber } from './output.ts';
import { readBars, type SeriesInput } from './series-input.ts';

const LEVELS_MAX = 10;

interface ForecastOptions extends SeriesInput {
  readonly horizon: number;
  readonly levels: number[];
  readonly json?: true;
}

export function forecastCommand(): Command {
  return new Command('forecast')
    .description('forecasts from the active model version of a series, or from a fit made for the purpose')
    .option('--symbol <name>', 'the series')
    .option('--db <file>', 'the SQLite database', 'predictor.sqlite')
    .option('--csv <file>', 'a CSV file of bars instead')
    .option('--sample', 'the sample that comes with the program instead')
    .option('--horizon <steps>', 'how many bars ahead', wholeNumber(1, HORIZON_MAX), 5)
    .option('--levels <list>', 'levels of the intervals', parseLevels, [0.5, 0.8, 0.95])
    .option('--json', 'print JSON')
    .action(forecast);
}

async function forecast(options: ForecastOptions): Promise<void> {
  const { symbol, bars } = await readBars(options);
  const newest = bars.at(-1);
  const series = returnsOf(bars);
  if (newest === undefined || series.returns.length < RETURNS_MIN) {
    throw new Problem(
      'too-few-bars',
      `${symbol} has ${bars.length} bars; at least ${RETURNS_MIN + 1} are needed.`,
    );
  }
  const version =
    (await activeVersion(options)) ?? freshVersion(symbol, bars[0]?.time ?? 0, newest.time, series);
  const prepared = prepare(series, version.dataToMs, version.body, newest.time / 1000);
  const calendar = learnCalendar(bars.map((bar) => bar.time));
  const data = { dataAsOfMs: newest.time, fingerprint: fingerprint(series), lastClose: newest.close };
  const standing = { version, ...data, calendar, prepared };
  const answer = describeForecast(standing, options.horizon, options.levels, []);
  if (options.json === true) printJson(answer);
  else print(answer, options.levels);
}

async function activeVersion(options: ForecastOptions): Promise<ModelVersion | undefined> {
  if (options.csv !== undefined || options.sample === true || options.symbol === undefined) return undefined;
  using database = openDatabase(options.db);
  return await new VersionStore(database).active(options.symbol);
}

/** Not stored: its number is 0. */
function freshVersion(
  symbol: string,
  fromMs: number,
  toMs: number,
  series: ReturnType<typeof returnsOf>,
): ModelVersion {
  const outcome = fitVersion(series, FAMILY_DEFAULTS);
  if (!outcome.fitted) throw new Problem('fit-failed', `${outcome.model}: ${outcome.reason}.`);
  return {
    symbol,
    version: 0,
    createdMs: Date.now(),
    origin: 'fit',
    dataFromMs: fromMs,
    dataToMs: toMs,
    bars: series.returns.length + 1,
    body: outcome.body,
  };
}

function print(answer: Forecast, levels: readonly number[]): void {
  console.log(`${answer.symbol}, from ${answer.lastClose} at ${answer.dataAsOf.slice(0, 10)}`);
  printTable(
    ['step', 'median', ...levels.map((level) => `${Number((100 * level).toFixed(3))} %`), 'volatility p.a.'],
    answer.steps.map((step) => [
      `${step.step} (${step.time.slice(0, 10)})`,
      step.price.median.toFixed(2),
      ...step.price.intervals.map(({ lower, upper }) => `${lower.toFixed(2)} to ${upper.toFixed(2)}`),
      `${(100 * step.volatility.annualised).toFixed(1)} %`,
    ]),
  );
  if (answer.skill === null) return;
  const { value, lower, upper, days } = answer.skill;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(
    `skill over the random walk, last ${days} days: ${percent(value)} (95 % interval ${percent(lower)} to ${percent(upper)})`,
  );
}

function parseLevels(text: string): number[] {
  const levels = [...new Set(text.split(',').map(Number))];
  if (levels.length > LEVELS_MAX || levels.some((level) => !(level >= 0.02 && level <= 0.998))) {
    throw new Problem(
      'levels-out-of-range',
      `"${text}" is not a list of at most ${LEVELS_MAX} numbers from 0.02 to 0.998.`,
    );
  }
  return levels.sort((a, b) => a - b);
}
