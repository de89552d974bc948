import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Engine } from './engine.ts';
import { dockerConfigFolder } from './labFolder.ts';

const run = promisify(execFile);
const composeMsMax = 120_000;

/**
 * Runs `docker compose` with the lab's plugin on the engine and answers with its standard output.
 *
 * @throws Error with what it wrote when it fails or takes longer than 2 min.
 * @param environment What the files take from the environment.
 */
export async function compose(
  engine: Engine,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run('docker', ['compose', ...args], {
    env: {
      ...process.env,
      ...environment,
      DOCKER_HOST: engine.dockerHost,
      DOCKER_CONFIG: dockerConfigFolder(),
    },
    timeout: composeMsMax,
  });
  return stdout;
}
