import type { Command } from 'commander';
import type { z } from 'zod';
import { type targetSchema, targetsSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, showTime, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { table } from './table.ts';

/** `mpa targets`: what the agent looks after, as last seen. */
function listTargets(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    // The course is for programs; with it the answer for thousands of targets would be larger than is read.
    const path = `/api/v1/targets?course=${options.json === true}`;
    const { targets } = await client.get(path, targetsSchema);
    const rows = targets.map((target) => [
      target.name,
      target.health.verdict,
      target.latencyMs === null ? '-' : `${Math.round(target.latencyMs)} ms`,
      target.protected ? 'protected' : target.mode,
      leftAlone(target),
      target.incident ?? '-',
      target.health.reason,
    ]);
    const lines =
      rows.length === 0
        ? ['no targets']
        : table(['NAME', 'HEALTH', 'LATENCY', 'MODE', 'LEFT ALONE', 'INCIDENT', 'WHY'], rows);
    return { json: targets, lines };
  });
}

/** Why nothing is done about it for the time being, whatever its mode. */
function leftAlone({ maintenance, held }: z.output<typeof targetSchema>): string {
  const why = [
    ...(held === null ? [] : [`${held} by a person`]),
    ...(maintenance === null ? [] : [`maintenance until ${showTime(maintenance.until)}`]),
  ];
  return why.length === 0 ? '-' : why.join(', ');
}

export function registerTargets(program: Command, io: CliIo): void {
  withApiOptions(program.command('targets'))
    .description('targets of a running agent, as last seen')
    .action(async (options: ApiOptions) => io.finish(await listTargets(options, io)));
}
