import { Command, CommanderError } from 'commander';
import { registerApiCommands } from '../../src/cli/registerApiCommands.ts';
import type { Clock } from '../../src/ports.ts';
import { SystemClock } from '../../src/systemClock.ts';

/** What a command printed, and how it ended. */
export type Ran = { readonly out: string; readonly err: string; readonly exitCode: number };

/** Runs the commands that speak to an agent, as `mpa` would, in this process. */
export async function runMpa(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  clock: Clock = new SystemClock(),
): Promise<Ran> {
  let out = '';
  let err = '';
  let exitCode = -1;
  const program = new Command('mpa');
  registerApiCommands(program, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    environment,
    clock,
    finish: (code) => {
      exitCode = code;
    },
  });
  for (const command of allOf(program)) {
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => (err += text), writeOut: (text) => (out += text) });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = error.exitCode;
  }
  return { out, err, exitCode };
}

function allOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}
