import { Argument, type Command } from 'commander';
import { doneSchema } from '../http/apiSchemas.ts';
import { runApiCommand, whoOf } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { type PersonOptions, withPersonOptions } from './recover.ts';

/** What a person can say; `configured` takes an earlier word back. */
const WORDS = ['off', 'observe', 'approve', 'auto', 'configured'];

type ModeOptions = PersonOptions & { readonly target?: string; readonly all?: true };

/** `mpa mode MODE --target NAME | --all`: whether the agent may act; the stricter of this and the configuration counts. */
function setMode(word: string, options: ModeOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const target = options.target ?? null;
    const mode = word === 'configured' ? null : word;
    const body = { target, mode, who: whoOf(options.who, io), reason: options.reason };
    const answer = await client.post('/api/v1/mode', body, doneSchema);
    return { json: answer, lines: [`mode of ${target ?? 'every target'}: ${mode ?? 'as configured'}`] };
  });
}

export function registerMode(program: Command, io: CliIo): void {
  withPersonOptions(program.command('mode'))
    .description('set whether a running agent may act')
    .addArgument(
      new Argument('<mode>', 'the stricter of this and the configured modes counts').choices(WORDS),
    )
    .option('--target <name>', 'of one target')
    .option('--all', 'of every target')
    .action(async (word: string, options: ModeOptions, command: Command) => {
      // All is never meant by leaving something out.
      if ((options.target === undefined) === (options.all === undefined)) {
        command.error('error: say --target NAME, or --all');
      }
      io.finish(await setMode(word, options, io));
    });
}
