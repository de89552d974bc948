import type { Command } from 'commander';
import { targetsSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { table } from './table.ts';

/** `mpa targets`: what the agent looks after, as last seen. */
function listTargets(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    // The course is for programs; with it the answer for thousands of targets would be larger than is read.
    const path = `/api/v1/targets?course=${options.json === true}`;
    const { targets } = await client.get(path, targetsSchema);
    const rows = targets.map(({ name, health, latencyMs, mode, protected: isProtected, incident }) => [
      name,
      health.verdict,
      latencyMs === null ? '-' : `${Math.round(latencyMs)} ms`,
      isProtected ? 'protected' : mode,
      incident ?? '-',
      health.reason,
    ]);
    const lines =
      rows.length === 0
        ? ['no targets']
        : table(['NAME', 'HEALTH', 'LATENCY', 'MODE', 'INCIDENT', 'WHY'], rows);
    return { json: targets, lines };
  });
}

export function registerTargets(program: Command, io: CliIo): void {
  withApiOptions(program.command('targets'))
    .description('targets of a running agent, as last seen')
    .action(async (options: ApiOptions) => io.finish(await listTargets(options, io)));
}
