import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../duration.ts';
import { controlsSchema, doneSchema, maintenanceSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, showTime, whoOf, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { type PersonOptions, withPersonOptions } from './recover.ts';
import { refuseWords } from './refuseWords.ts';
import { table } from './table.ts';

type StartOptions = PersonOptions & { readonly for: number; readonly all?: true };

/** `mpa maintenance start TARGET | --all`: nothing is mutated until it ends. `target` null: all. */
function startMaintenance(target: string | null, options: StartOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const body = { target, durationMs: options.for, who: whoOf(options.who, io), reason: options.reason };
    const answer = await client.post('/api/v1/maintenance', body, maintenanceSchema);
    const what = target ?? 'every target';
    return {
      json: answer,
      lines: [`maintenance ${answer.id} of ${what} until ${showTime(answer.until)} UTC`],
    };
  });
}

/** `mpa maintenance end ID`. */
function endMaintenance(id: string, options: PersonOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const body = { who: whoOf(options.who, io), reason: options.reason };
    const path = `/api/v1/maintenance/${encodeURIComponent(id)}/end`;
    return { json: await client.post(path, body, doneSchema), lines: [`maintenance ${id} is over`] };
  });
}

/** `mpa maintenance list`: what people declared and has not ended, and what is open by configuration. */
function listMaintenance(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const { maintenance, recurring } = await client.get('/api/v1/controls', controlsSchema);
    const rows = [
      ...maintenance.map(({ id, target, until, who, reason }) => [
        id,
        target ?? '(all)',
        showTime(until),
        who,
        reason,
      ]),
      ...recurring.map(({ targets, until, reason }) => [
        '-',
        targets.length === 0 ? '(all)' : targets.join(', '),
        showTime(until),
        '(configuration)',
        reason,
      ]),
    ];
    const lines =
      rows.length === 0 ? ['no maintenance'] : table(['ID', 'TARGET', 'UNTIL (UTC)', 'WHO', 'REASON'], rows);
    return { json: { maintenance, recurring }, lines };
  });
}

/** Registers `mpa maintenance` with `list` (the default), `start` and `end`. */
export function registerMaintenance(program: Command, io: CliIo): void {
  const maintenance = program.command('maintenance').description('times in which nothing is mutated');
  const list = maintenance.command('list', { isDefault: true });
  refuseWords(
    list,
    'maintenance',
    () => 'to start one: mpa maintenance start TARGET --for 30m --reason TEXT',
  );
  withApiOptions(list)
    .description('list what people declared, and what is open by configuration')
    .action(async (options: ApiOptions) => io.finish(await listMaintenance(options, io)));
  withPersonOptions(maintenance.command('start'))
    .description('start one; it ends by itself')
    .argument('[target]', 'name of the target')
    .option('--all', 'every target')
    .requiredOption('--for <duration>', 'how long, such as 30m', toMs)
    .action(async (target: string | undefined, options: StartOptions, command: Command) => {
      // All is never meant by leaving something out.
      if ((target === undefined) === (options.all === undefined)) {
        command.error('error: name one target, or say --all');
      }
      io.finish(await startMaintenance(target ?? null, options, io));
    });
  withPersonOptions(maintenance.command('end'))
    .description('end one before its time')
    .argument('<id>', 'see `mpa maintenance list`')
    .action(async (id: string, options: PersonOptions) => io.finish(await endMaintenance(id, options, io)));
}

function toMs(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === null || durationMs < 1_000) {
    throw new InvalidArgumentError('Give a number with a unit, such as 30m or 2h.');
  }
  return durationMs;
}
