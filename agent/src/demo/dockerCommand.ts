import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 1024 * 1024;
const DEFAULT_HOST = 'unix:///var/run/docker.sock';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The `docker` command, bound to one engine. The agent itself never uses it: what it may do to an engine is much less
 * than building and creating, which is the demonstration's business alone.
 */
export class DockerCommand {
  readonly #environment: Record<string, string | undefined>;

  /** @throws Error when the engine is not on this machine: the sample's port would be published elsewhere. */
  constructor(environment: Environment) {
    const host = environment['DOCKER_HOST'] || DEFAULT_HOST;
    if (!host.startsWith('unix://'))
      throw new Error('DOCKER_HOST names an engine that is not on this machine');
    // The agent knows no contexts: both must mean the same engine.
    this.#environment = { ...environment, DOCKER_HOST: host, DOCKER_CONTEXT: undefined };
  }

  /** Answers with the output; rejects with the last line of what the command complained of. */
  async run(args: readonly string[], timeoutMs: number): Promise<string> {
    try {
      const { stdout } = await run('docker', args, {
        env: this.#environment,
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_BYTES_MAX,
      });
      return stdout.trim();
    } catch (error) {
      throw new Error(explain(error, args[0] ?? '', timeoutMs), { cause: error });
    }
  }
}

function explain(error: unknown, what: string, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (Reflect.get(error, 'code') === 'ENOENT') return 'there is no docker command';
  if (Reflect.get(error, 'killed') === true) return `docker ${what} did not end in ${timeoutMs / 1_000} s`;
  const complaint: unknown = Reflect.get(error, 'stderr');
  const last = typeof complaint === 'string' ? complaint.trim().split('\n').at(-1) : undefined;
  return last === undefined || last === '' ? error.message : last;
}
