import { type Command, InvalidArgumentError, Option } from 'commander';
import { escapeUnsafe, printable } from '../core/printable.ts';
import { parseDuration } from '../duration.ts';
import { MpaError } from '../errors.ts';
import { ApiClient } from './apiClient.ts';
import type { CliIo } from './io.ts';

/** Where `npm start` and the example configuration listen. */
export const DEFAULT_URL = 'http://127.0.0.1:8787';

/** Options that every command which speaks to a running agent has. */
export type ApiOptions = {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly timeout?: number;
  readonly json?: boolean;
};

/** What a command answers: for programs, and as lines for people. Exit code: 0 where none is said. */
export type Answer = {
  readonly json: unknown;
  readonly lines: readonly string[];
  readonly exitCode?: number;
};

/** Adds the options of `ApiOptions` to a command. */
export function withApiOptions(command: Command): Command {
  return command
    .option('--url <address>', `where the agent answers (or MPA_URL; default ${DEFAULT_URL})`)
    .option('--token-file <file>', 'file with an operator token (or MPA_TOKEN_FILE)')
    .addOption(
      new Option('--timeout <duration>', 'how long the agent may take to answer')
        .default(10_000, '10s')
        .argParser(toMs),
    )
    .option('--json', 'answer in JSON');
}

/**
 * Runs what a command asks of the agent and prints the answer, or the error with its remedy.
 *
 * @returns the exit code: the answer's, or 1 for every expected error. Others are thrown.
 */
export async function runApiCommand(
  options: ApiOptions,
  io: Pick<CliIo, 'stdout' | 'stderr' | 'environment'>,
  ask: (client: ApiClient) => Promise<Answer>,
): Promise<number> {
  const { environment, stdout, stderr } = io;
  const asJson = options.json === true;
  try {
    const client = await ApiClient.open({
      // A variable that is set and empty says nothing.
      url: options.url ?? (environment['MPA_URL'] || DEFAULT_URL),
      tokenFile: options.tokenFile ?? (environment['MPA_TOKEN_FILE'] || null),
      timeoutMs: options.timeout ?? 10_000,
    });
    const { json, lines, exitCode = 0 } = await ask(client);
    stdout.write(asJson ? toJson(json) : lines.map(showLine).join(''));
    return exitCode;
  } catch (error) {
    if (!(error instanceof MpaError)) throw error;
    if (asJson)
      stdout.write(toJson({ error: { code: error.code, detail: error.detail, remedy: error.remedy } }));
    else stderr.write(`mpa: ${printable(error.message, 4_000)}\n`);
    return 1;
  }
}

/** A line as a terminal may be given it. */
export function showLine(line: string): string {
  return `${printable(line, 4_000)}\n`;
}

/** Indented for people's eyes too; what is unsafe in a terminal stands only inside of strings, where escapes mean the same. */
function toJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.split('\n').map(escapeUnsafe).join('\n')}\n`;
}

function toMs(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === null || durationMs === 0)
    throw new InvalidArgumentError('Give a number with a unit, such as 500ms, 10s or 1m.');
  return durationMs;
}

/** Who says it, where the person does not: the name of the account. */
export function whoOf(who: string | undefined, { environment }: Pick<CliIo, 'environment'>): string {
  const candidates = [who, environment['MPA_WHO'], environment['USER'], environment['LOGNAME']];
  return (
    candidates.find((name) => name !== undefined && name.trim() !== '') ?? 'somebody at the command line'
  );
}

/** A time for people, in UTC: `2026-11-23 19:10:00`. */
export function showTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
