import type { Command } from 'commander';
import { controlsSchema, doneSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, showTime, whoOf, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { type PersonOptions, withPersonOptions } from './recover.ts';
import { refuseWords } from './refuseWords.ts';
import { table } from './table.ts';

/** `mpa breaker list`: targets that were mutated too often and are left alone for a while. */
function listBreakers(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const { breakers } = await client.get('/api/v1/controls', controlsSchema);
    const rows = breakers.map(({ target, until, reason }) => [target, showTime(until), reason]);
    const lines =
      rows.length === 0 ? ['no breaker is open'] : table(['TARGET', 'UNTIL (UTC)', 'REASON'], rows);
    return { json: breakers, lines };
  });
}

/** `mpa breaker reset TARGET`: a person found the cause; the target has a new budget. */
function resetBreaker(target: string, options: PersonOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const body = { who: whoOf(options.who, io), reason: options.reason };
    const path = `/api/v1/targets/${encodeURIComponent(target)}/breaker/reset`;
    return {
      json: await client.post(path, body, doneSchema),
      lines: [`the breaker of ${target} is closed, with a new budget`],
    };
  });
}

/** Registers `mpa breaker` with `list` (the default) and `reset`. */
export function registerBreaker(program: Command, io: CliIo): void {
  const breaker = program.command('breaker').description('breakers of targets that were mutated too often');
  const list = breaker.command('list', { isDefault: true });
  refuseWords(list, 'breaker', (word) => `to close one: mpa breaker reset ${word} --reason TEXT`);
  withApiOptions(list)
    .description('list the open ones')
    .action(async (options: ApiOptions) => io.finish(await listBreakers(options, io)));
  withPersonOptions(breaker.command('reset'))
    .description('close one')
    .argument('<target>', 'name of the target')
    .action(async (target: string, options: PersonOptions) =>
      io.finish(await resetBreaker(target, options, io)),
    );
}
