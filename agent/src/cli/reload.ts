import type { Command } from 'commander';
import { reloadSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';

/** `mpa reload`: configuration and tokens anew, all or nothing. */
function reload(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const answer = await client.post('/-/reload', null, reloadSchema);
    return { json: answer, lines: [`version ${answer.settings} of the configuration is in force`] };
  });
}

export function registerReload(program: Command, io: CliIo): void {
  withApiOptions(program.command('reload'))
    .description('have a running agent load its configuration and tokens anew')
    .action(async (options: ApiOptions) => io.finish(await reload(options, io)));
}
