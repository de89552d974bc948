import { type Command, InvalidArgumentError, Option } from 'commander';
import { recoverySchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, whoOf, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';

export type PersonOptions = ApiOptions & { readonly reason: string; readonly who?: string };

/** `mpa recover TARGET`: a person's signal, like any other: strategy and guards decide what follows. */
function recover(target: string, options: PersonOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const body = { who: whoOf(options.who, io), reason: options.reason };
    const answer = await client.post(
      `/api/v1/targets/${encodeURIComponent(target)}/recover`,
      body,
      recoverySchema,
    );
    return {
      json: answer,
      lines: [`${target}: heard; see \`mpa incidents show ${answer.incident}\``],
    };
  });
}

export function registerRecover(program: Command, io: CliIo): void {
  withPersonOptions(program.command('recover'))
    .description('ask a running agent to recover a target')
    .argument('<target>', 'name of the target')
    .action(async (target: string, options: PersonOptions) => io.finish(await recover(target, options, io)));
}

/**
 * Adds who says it and why; both are journaled.
 *
 * @param reason What stands for a reason that is not given; without it one has to be.
 */
export function withPersonOptions(command: Command, reason?: string): Command {
  const required = reason === undefined;
  const why = new Option('--reason <text>', `why; it is journaled${required ? ' (required)' : ''}`).argParser(
    toReason,
  );
  return withApiOptions(command)
    .addOption(required ? why.makeOptionMandatory() : why.default(reason))
    .option('--who <name>', 'who says so (or MPA_WHO; default: the account’s name)');
}

function toReason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why in a few words.');
  return text;
}
