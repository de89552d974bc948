import { Command } from 'commander';
import { registerApiCommands } from '../../src/cli/registerApiCommands.ts';

/** What a command printed, and how it ended. */
export type Ran = { readonly out: string; readonly err: string; readonly exitCode: number };

/** Runs the commands that speak to an agent, as `mpa` would, in this process. */
export async function runMpa(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  let exitCode = -1;
  const program = new Command('mpa');
  registerApiCommands(program, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    environment,
    finish: (code) => {
      exitCode = code;
    },
  });
  await program.parseAsync(args, { from: 'user' });
  return { out, err, exitCode };
}
