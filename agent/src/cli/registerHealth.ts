import type { Command } from 'commander';
import { HEALTH_TIMEOUT_MS, health } from './health.ts';
import type { CliIo } from './io.ts';

/** `mpa health`: for health checks and scripts; it wants no token. */
export function registerHealth(program: Command, io: CliIo): void {
  program
    .command('health')
    .description('ask a running agent whether its main loop turns; exit code 0 when it does')
    .option('--url <address>', 'where the agent answers (or MPA_URL; default http://127.0.0.1:8787)')
    .action(async ({ url }: { readonly url?: string }) =>
      io.finish(await health(url, HEALTH_TIMEOUT_MS, io)),
    );
}
