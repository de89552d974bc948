import { Command, Option } from 'commander';
import { Problem } from '../problems.ts';
import { createClock } from '../service/clock.ts';
import { SETTINGS_DEFAULTS } from '../service/settings.ts';
import { startService } from '../service/start.ts';
import { readSources } from '../sources/config.ts';
import { isoTime, wholeNumber } from './output.ts';
import { SAMPLE_SYMBOL, sampleSource } from './sample.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly db: string;
  readonly sources?: string;
  readonly sample?: true;
  readonly tokenFile?: string;
  readonly allowFaults?: true;
  readonly clockAt?: number;
  readonly ageBarsMax: number;
  readonly refitAfterBars: number;
  readonly logLevel: string;
}

const SHUTDOWN_MS = 10_000;

export function serveCommand(): Command {
  const option = (flags: string, description: string, variable: string): Option =>
    new Option(flags, description).env(`PREDICTOR_${variable}`);
  return new Command('serve')
    .description('serves forecasts over HTTP')
    .addOption(option('--host <address>', 'the address to listen at', 'HOST').default('127.0.0.1'))
    .addOption(
      option('--port <number>', 'the port, 0 for any', 'PORT')
        .default(8200)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(option('--db <file>', 'the SQLite database', 'DB').default('predictor.sqlite'))
    .addOption(
      option('--sources <file>', 'JSON that says where the bars of each series come from', 'SOURCES'),
    )
    .addOption(option('--sample', `serve the sample (S&P 500, 2000 to 2020) as ${SAMPLE_SYMBOL}`, 'SAMPLE'))
    .addOption(
      option(
        '--token-file <file>',
        'holds the bearer token of the repairs; without it they are off',
        'TOKEN_FILE',
      ),
    )
    .addOption(
      option('--allow-faults', 'let faults be asked for: for demonstrations and tests only', 'ALLOW_FAULTS'),
    )
    .addOption(
      option(
        '--clock-at <time>',
        'let the clock begin here, so that old data can be served as fresh',
        'CLOCK_AT',
      ).argParser(isoTime),
    )
    .addOption(
      option(
        '--age-bars-max <number>',
        'forecasts are stale when more bars than this are due',
        'AGE_BARS_MAX',
      )
        .default(SETTINGS_DEFAULTS.ageBarsMax)
        .argParser(wholeNumber(0, 10_000)),
    )
    .addOption(
      option(
        '--refit-after-bars <number>',
        'fit a new version by itself after so many new bars, 0 for never',
        'REFIT_AFTER_BARS',
      )
        .default(SETTINGS_DEFAULTS.refitAfterBars)
        .argParser(wholeNumber(0, 10_000)),
    )
    .addOption(
      option('--log-level <level>', 'how much to log', 'LOG_LEVEL')
        .default('info')
        .choices(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    )
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const sources = options.sources === undefined ? [] : await readSources(options.sources);
  if (options.sample === true && !sources.some(({ symbol }) => symbol === SAMPLE_SYMBOL))
    sources.push(sampleSource());
  const running = await startService({
    databasePath: options.db,
    sources,
    tokenFile: options.tokenFile,
    allowFaults: options.allowFaults ?? false,
    logLevel: options.logLevel,
    now: createClock(options.clockAt),
    settings: { ageBarsMax: options.ageBarsMax, refitAfterBars: options.refitAfterBars },
  });
  const { app, predictor } = running;
  // Heard before anything slow begins: a signal during start-up ends it in order too.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      app.log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
      void running[Symbol.asyncDispose]().then(() => process.exit(0));
    });
  }
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await running[Symbol.asyncDispose]();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(
      'invalid-request',
      `It cannot listen at ${options.host}, port ${options.port}: ${reason}.`,
    );
  }
  await predictor.load();
}
