import { Argument, type Command } from 'commander';
import { controlsSchema, doneSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, whoOf, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { type PersonOptions, withPersonOptions } from './recover.ts';
import { refuseWords } from './refuseWords.ts';
import { table } from './table.ts';

const MODES = ['off', 'observe', 'approve', 'auto'];

type ModeOptions = PersonOptions & { readonly target?: string; readonly all?: true };

/** `mpa mode show`: what people set; the configuration's own modes are in `mpa targets`. */
function showModes(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const { modes } = await client.get('/api/v1/controls', controlsSchema);
    const rows = modes.map(({ target, mode }) => [target ?? '(all)', mode]);
    const lines =
      rows.length === 0
        ? ['no mode is set: the configuration alone counts']
        : table(['TARGET', 'MODE'], rows);
    return { json: modes, lines };
  });
}

/** `mpa mode set MODE` and `mpa mode clear`; `mode` null takes an earlier word back. */
function setMode(mode: string | null, options: ModeOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const target = options.target ?? null;
    const body = { target, mode, who: whoOf(options.who, io), reason: options.reason };
    const answer = await client.post('/api/v1/mode', body, doneSchema);
    // Of all modes this one alone can be without any effect, and is the one that somebody in a hurry relies on.
    const said = mode === 'auto' ? 'auto, where the configuration is no stricter' : (mode ?? 'as configured');
    return { json: answer, lines: [`mode of ${target ?? 'every target'}: ${said}`] };
  });
}

/** Registers `mpa mode` with `show` (the default), `set` and `clear`. */
export function registerMode(program: Command, io: CliIo): void {
  const mode = program.command('mode').description('whether a running agent may act');
  const show = mode.command('show', { isDefault: true });
  refuseWords(show, 'mode', () => `to set it: mpa mode set ${MODES.join('|')} --target NAME --reason TEXT`);
  withApiOptions(show)
    .description('show what people set')
    .action(async (options: ApiOptions) => io.finish(await showModes(options, io)));
  withTarget(mode.command('set'))
    .description('set it; the stricter of this and the configured modes counts')
    .addArgument(new Argument('<mode>').choices(MODES))
    .action(async (word: string, options: ModeOptions, command: Command) => {
      assertTarget(options, command);
      io.finish(await setMode(word, options, io));
    });
  withTarget(mode.command('clear'))
    .description('take back what was set')
    .action(async (options: ModeOptions, command: Command) => {
      assertTarget(options, command);
      io.finish(await setMode(null, options, io));
    });
}

function withTarget(command: Command): Command {
  return withPersonOptions(command)
    .option('--target <name>', 'of one target')
    .option('--all', 'what counts for every target');
}

/** All is never meant by leaving something out. */
function assertTarget({ target, all }: ModeOptions, command: Command): void {
  if ((target === undefined) === (all === undefined)) command.error('error: say --target NAME, or --all');
}
