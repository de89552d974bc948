import type { Command } from 'commander';
import { approvalsSchema } from '../http/apiSchemas.ts';
import { type ApiOptions, runApiCommand, showTime, withApiOptions } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { table } from './table.ts';

/** `mpa approvals`: steps that wait for `mpa approve` or `mpa deny`. */
function listApprovals(options: ApiOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const { approvals } = await client.get('/api/v1/approvals', approvalsSchema);
    const rows = approvals.map(({ incident, target, until, reason }) => [
      incident,
      target ?? '(no target)',
      showTime(until),
      reason,
    ]);
    const lines =
      rows.length === 0
        ? ['nothing waits for approval']
        : table(['INCIDENT', 'TARGET', 'UNTIL (UTC)', 'REASON'], rows);
    return { json: approvals, lines };
  });
}

export function registerApprovals(program: Command, io: CliIo): void {
  withApiOptions(program.command('approvals'))
    .description('steps that wait for a person')
    .action(async (options: ApiOptions) => io.finish(await listApprovals(options, io)));
}
