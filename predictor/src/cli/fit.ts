import { Command, Option } from 'commander';
import { fitGarch, type GarchFit } from '../models/garch-fit.ts';
import type { GarchParameters } from '../models/garch-likelihood.ts';
import { Problem } from '../problems.ts';
import { returnsOf } from '../series/returns.ts';
import { parseCsv } from '../sources/csv.ts';
import { readText } from '../sources/csv-file.ts';
import { printJson, printTable, wholeNumber } from './output.ts';
import { readBars } from './series-input.ts';

interface FitOptions {
  readonly csv?: string;
  readonly column?: string;
  readonly returns?: true;
  readonly symbol?: string;
  readonly db: string;
  readonly sample?: true;
  readonly model: 'garch' | 'gjr';
  readonly errors: 'normal' | 't';
  readonly maxIterations: number;
  readonly json?: true;
}

export function fitCommand(): Command {
  return new Command('fit')
    .description('fits a volatility model by maximum likelihood and prints its parameters; nothing is stored')
    .option('--csv <file>', 'a CSV file with a header')
    .option('--column <name>', 'the column with the prices, or returns')
    .option('--returns', 'the column holds returns, not prices; they are taken as they are')
    .option('--symbol <name>', 'a series of the database instead')
    .option('--db <file>', 'the SQLite database', 'predictor.sqlite')
    .option('--sample', 'the sample that comes with the program instead')
    .addOption(new Option('--model <name>').choices(['garch', 'gjr']).default('garch'))
    .addOption(new Option('--errors <shape>').choices(['normal', 't']).default('normal'))
    .option('--max-iterations <number>', 'of the optimiser', wholeNumber(1, 100_000), 500)
    .option('--json', 'print JSON')
    .action(fit);
}

async function fit(options: FitOptions): Promise<void> {
  const returns = await readReturns(options);
  const result = fitGarch(returns, {
    asymmetric: options.model === 'gjr',
    errors: options.errors,
    maxIterations: options.maxIterations,
  });
  if (!result.converged) throw new Problem('fit-failed', `${options.model}: ${result.reason}.`);
  const rows = describe(result.fit, options.model);
  const { logLikelihood, observations, gradientNorm, iterations } = result.fit;
  if (options.json === true) {
    printJson({
      model: options.model,
      errors: options.errors,
      observations,
      parameters: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
      standardErrors: Object.fromEntries(rows.map(({ name, error }) => [name, error ?? null])),
      logLikelihood,
      gradientNorm,
      iterations,
    });
    return;
  }
  printTable(
    ['parameter', 'value', 'std. error'],
    rows.map(({ name, value, error }) => [name, value.toPrecision(6), error?.toPrecision(3) ?? '-']),
  );
  console.log(
    `log-likelihood ${logLikelihood.toFixed(4)} on ${observations} returns, ${iterations} iterations`,
  );
}

function describe(
  fitted: GarchFit,
  model: FitOptions['model'],
): { name: string; value: number; error?: number }[] {
  const { mu, omega, alpha, gamma, beta, shape } = fitted.parameters satisfies GarchParameters;
  const named: [string, number][] = [
    ['mu', mu],
    ['omega', omega],
    ['alpha', alpha],
  ];
  if (model === 'gjr') named.push(['gamma', gamma]);
  named.push(['beta', beta]);
  if (shape.errors === 't') named.push(['dof', shape.dof]);
  return named.map(([name, value]) => {
    const error = fitted.standardErrors[name];
    return error === undefined ? { name, value } : { name, value, error };
  });
}

/** Returns of prices are close-to-close log returns in percent. */
async function readReturns(options: FitOptions): Promise<Float64Array> {
  if (options.csv === undefined || options.column === undefined) {
    if (options.csv !== undefined) throw new Problem('invalid-request', 'Name the column with --column.');
    const { bars } = await readBars(options);
    return returnsOf(bars).returns;
  }
  const { column } = options;
  const rows = parseCsv(await readText(options.csv));
  if (rows.length > 0 && !Object.hasOwn(rows[0] ?? {}, column)) {
    throw new Problem(
      'invalid-request',
      `There is no column "${column}"; there is: ${Object.keys(rows[0] ?? {}).join(', ')}.`,
    );
  }
  const values = rows.map((row, i) => {
    const text = row[column]?.trim() ?? '';
    const value = Number(text);
    if (text === '' || !Number.isFinite(value)) {
      throw new Problem('invalid-request', `Row ${i + 1}: "${text}" in column "${column}" is not a number.`);
    }
    if (options.returns !== true && value <= 0) {
      throw new Problem(
        'invalid-request',
        `Row ${i + 1}: the price ${value} is not above 0. Are these returns (--returns)?`,
      );
    }
    return value;
  });
  if (options.returns === true) return Float64Array.from(values);
  return Float64Array.from(values.slice(1), (price, i) => 100 * Math.log(price / (values[i] ?? price)));
}
