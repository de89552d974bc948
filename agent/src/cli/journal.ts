import { type Command, InvalidArgumentError } from 'commander';
import { printable } from '../core/printable.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import { MpaError } from '../errors.ts';
import { showTime } from './apiCommand.ts';
import type { CliIo } from './io.ts';

/** What a look through a whole journal found. */
type Report = {
  readonly entries: number;
  readonly incidents: number;
  readonly newestAt: number | null;
  readonly problems: readonly string[];
  readonly problemsInAll: number;
};

type PruneLimits = { readonly olderThanMs?: number; readonly maxBytes?: number };

/** What can be done with a journal, also while an agent uses it. */
export type JournalTools = {
  /** The journal that a configuration names; throws MpaError when it has errors. */
  readonly pathIn: (configFile: string) => string;
  readonly verify: (path: string) => Report;
  readonly backUp: (path: string, to: string) => Report;
  readonly prune: (
    path: string,
    limits: PruneLimits,
  ) => { readonly incidents: number; readonly entries: number; readonly bytes: number };
};

type Options = { readonly config: string; readonly file?: string; readonly json?: boolean };
type Answer = { readonly json: unknown; readonly lines: readonly string[]; readonly ok: boolean };

/** Registers `mpa journal` with `verify`, `backup` and `prune`. None of them asks the agent, so none needs it to run. */
export function registerJournal(program: Command, io: CliIo, tools: JournalTools): void {
  const journal = program.command('journal').description('look after the journal; an agent may be using it');
  withFile(journal.command('verify'))
    .description('read all of it and say what is not in order; changes nothing')
    .action((options: Options) => run(options, io, tools, (path) => verified(path, tools.verify(path))));

  withFile(journal.command('backup'))
    .description('copy it as of one moment, verified; overwrites nothing')
    .argument('<to>', 'file that the copy becomes')
    .action((to: string, options: Options) =>
      run(options, io, tools, (path) => {
        const report = tools.backUp(path, to);
        return { json: report, lines: [`${to}: ${contents(report)}, in order`], ok: true };
      }),
    );

  withFile(journal.command('prune'))
    .description('delete old incidents that ended; never of the last 24 h, nor what is still in force')
    .option('--older-than <duration>', 'incidents that ended longer ago, such as 90d', toMs)
    .option('--max-size <bytes>', 'the oldest ones, until no more is in use', toBytes)
    .action(
      (
        options: Options & { readonly olderThan?: number; readonly maxSize?: number },
        command: Command,
      ): void => {
        const { olderThan, maxSize } = options;
        if (olderThan === undefined && maxSize === undefined)
          command.error('error: say --older-than DURATION, or --max-size BYTES');
        run(options, io, tools, (path) => {
          const report = tools.prune(path, {
            ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
            ...(maxSize === undefined ? {} : { maxBytes: maxSize }),
          });
          const { incidents, entries, bytes } = report;
          const what = olderThan === undefined ? '' : ` older than ${formatDuration(olderThan)}`;
          const lines = [
            `${incidents} incidents${what} and ${entries} entries deleted; ${bytes} bytes are in use`,
          ];
          return { json: report, lines, ok: true };
        });
      },
    );
}

function withFile(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration that names the journal', 'mpa.yml')
    .option('--file <journal>', 'the journal itself; no configuration is read then')
    .option('--json', 'answer in JSON');
}

function run(
  options: Options,
  { stdout, stderr, finish }: CliIo,
  tools: JournalTools,
  work: (path: string) => Answer,
): void {
  try {
    const { json, lines, ok } = work(options.file ?? tools.pathIn(options.config));
    stdout.write(
      options.json === true
        ? `${JSON.stringify(json, null, 2)}\n`
        : lines.map((line) => `${printable(line, 4_000)}\n`).join(''),
    );
    finish(ok ? 0 : 1);
  } catch (error) {
    if (!(error instanceof MpaError)) throw error;
    const { code, detail, remedy } = error;
    if (options.json === true)
      stdout.write(`${JSON.stringify({ error: { code, detail, remedy } }, null, 2)}\n`);
    else stderr.write(`mpa: ${printable(error.message, 4_000)}\n`);
    finish(1);
  }
}

function verified(path: string, report: Report): Answer {
  const { newestAt, problems, problemsInAll } = report;
  const ok = problemsInAll === 0;
  const none = ok ? 'it is empty' : 'none can be read';
  const newest = newestAt === null ? none : `the newest of ${showTime(newestAt)} UTC`;
  const more = problemsInAll - problems.length;
  const lines = [
    `${path}: ${contents(report)}, ${newest}: ${ok ? 'in order' : `${problemsInAll} problem${problemsInAll === 1 ? '' : 's'}`}`,
    ...problems.map((problem) => `  ${problem}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(ok ? [] : ['Keep the file for whoever looks into it, and restore a backup.']),
  ];
  return { json: { path, ...report }, lines, ok };
}

function contents({ entries, incidents }: Report): string {
  return `${entries} entries, ${incidents} incidents`;
}

function toMs(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === null) throw new InvalidArgumentError('Give a number with a unit, such as 90d or 12h.');
  return durationMs;
}

function toBytes(text: string): number {
  const bytes = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number of bytes.');
  return bytes;
}
