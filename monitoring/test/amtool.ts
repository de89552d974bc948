import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../e2e/lab/labFolder.ts';

const DEADLINE_MS = 10_000;

/** Asks Alertmanager's own tool which receivers an alert with these labels reaches, in the order of the routes. */
export async function receiversOf(
  configFile: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const { stdout } = await promisify(execFile)(
    findProgram('amtool'),
    ['config', 'routes', 'test', `--config.file=${configFile}`, ...given],
    { timeout: DEADLINE_MS },
  );
  return stdout.trim().split(',');
}
