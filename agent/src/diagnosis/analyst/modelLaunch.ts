import type { ForkOptions } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the process runs. */
export const PROCESS_FILE = new URL('./model/process.ts', import.meta.url);

/** The workspace's folder, which holds `src`. */
const AGENT = fileURLToPath(new URL('../../..', import.meta.url));

/** A library that needs more than this ends, and the rules decide alone; megabytes. */
const HEAP_MB = 160;

/**
 * Everything that the library's process may know of ours. Whatever else stands in the agent's environment, keys,
 * tracing and gateways of the library's maker among it, it does not see; tracing is off besides.
 */
const PASSED_ON = ['NODE_COMPILE_CACHE', 'MALLOC_ARENA_MAX'] as const;
const OWN_ENVIRONMENT = {
  NODE_ENV: 'production',
  LANGSMITH_TRACING: 'false',
  LANGSMITH_TRACING_V2: 'false',
  LANGCHAIN_TRACING: 'false',
  LANGCHAIN_TRACING_V2: 'false',
  LANGCHAIN_CALLBACKS_BACKGROUND: 'false',
};

/** How the process is started: without network, programs, writing; it reads its own code and nothing else. */
export function launchOptions(environment: Readonly<Record<string, string | undefined>>): ForkOptions {
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    execArgv: [
      '--permission',
      ...readable(environment).map((path) => `--allow-fs-read=${path}`),
      `--max-old-space-size=${HEAP_MB}`,
      '--max-semi-space-size=4',
    ],
    env: { ...OWN_ENVIRONMENT, ...Object.fromEntries(passedOn) },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  };
}

function readable({ NODE_COMPILE_CACHE }: Readonly<Record<string, string | undefined>>): readonly string[] {
  const agent = realpathSync(AGENT);
  const root = join(agent, '..');
  return [
    join(agent, 'src'),
    join(agent, 'package.json'),
    join(agent, 'node_modules'),
    join(root, 'package.json'),
    join(root, 'node_modules'),
    ...(NODE_COMPILE_CACHE === undefined ? [] : [NODE_COMPILE_CACHE]),
  ].filter((path) => existsSync(path));
}
