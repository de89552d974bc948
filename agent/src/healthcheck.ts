// The image's health check: `mpa health` without the rest of the command line, which takes longer to load than to run.
import process from 'node:process';
import { HEALTH_TIMEOUT_MS, health } from './cli/health.ts';

const { stdout, stderr, env: environment } = process;
process.exitCode = await health(undefined, HEALTH_TIMEOUT_MS, { stdout, stderr, environment });
