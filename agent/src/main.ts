import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ACTIONS } from './actions/index.ts';
import { checkConfig } from './cli/checkConfig.ts';
import { registerDiagnose } from './cli/diagnose.ts';
import type { CliIo } from './cli/io.ts';
import { registerJournal } from './cli/journal.ts';
import { registerApiCommands } from './cli/registerApiCommands.ts';
import { loadConfig } from './config/load.ts';
import { formatProblem } from './config/problem.ts';
import { MpaError } from './errors.ts';
import { backUpJournal } from './journal/backup.ts';
import { pruneJournal } from './journal/prune.ts';
import { verifyJournal } from './journal/verify.ts';
import { runDemo } from './serve/demo.ts';
import { serve } from './serve/serve.ts';
import { SystemClock } from './systemClock.ts';

const DEFAULT_CONFIG = 'mpa.yml';

/** Version of the package; the image and the metrics tell it too. */
function readVersion(): string {
  // Our own file: `version` is a string there.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function journalPathIn(file: string): string {
  const result = loadConfig({ file, environment: process.env, actions: ACTIONS });
  if (result.ok) return result.config.edge.journal.path;
  throw new MpaError('CONFIG_INVALID', result.problems.map(formatProblem).join('; '));
}

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  clock: new SystemClock(),
  finish: (exitCode) => {
    process.exitCode = exitCode;
  },
};

type CheckOptions = { readonly config?: string; readonly json?: boolean };

const version = readVersion();
/** All of `mpa`; the documentation is checked against it. */
export const program = new Command('mpa')
  .description(
    'The Market Programmer Agent: repairs services on Docker by written strategies, and proves it.',
  )
  .version(version)
  .showHelpAfterError('See how it is used with `--help` behind the command.');

program
  .command('serve')
  .description('run the agent')
  .option('-c, --config <file>', 'configuration file', DEFAULT_CONFIG)
  .action(async ({ config }: { readonly config: string }) => {
    io.finish(await serve({ file: config, environment: process.env, version, stderr: process.stderr }));
  });

program
  .command('start')
  .description('run the agent with its example: a sample service to break and see mended')
  .action(async () => {
    io.finish(
      await runDemo({ environment: process.env, version, stdout: process.stdout, stderr: process.stderr }),
    );
  });

program
  .command('check-config')
  .description('check a configuration and show what would be in force')
  .argument('[file]', `configuration file (default: "${DEFAULT_CONFIG}")`)
  .option('-c, --config <file>', 'the same, as other commands take it')
  .option('--json', 'print JSON')
  .action((named: string | undefined, options: CheckOptions, command: Command) => {
    const { config, json } = options;
    if (named !== undefined && config !== undefined) command.error('error: name one file, not two');
    const file = named ?? config ?? DEFAULT_CONFIG;
    const load = (path: string) => loadConfig({ file: path, environment: process.env, actions: ACTIONS });
    io.finish(
      checkConfig({ file, json: json === true, load, stdout: process.stdout, stderr: process.stderr }),
    );
  });

registerApiCommands(program, io);
registerDiagnose(program, io, () => process.stdin.setEncoding('utf8'));
registerJournal(program, io, {
  pathIn: journalPathIn,
  verify: verifyJournal,
  backUp: backUpJournal,
  prune: (path, limits) => pruneJournal(path, { ...limits, now: new SystemClock().now() }),
});

if (import.meta.main) await program.parseAsync();
