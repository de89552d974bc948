import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endedWithParent } from '../e2e/lab/endedWithParent.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A test that hangs ends with its name, instead of with the machine's patience. */
const testMsMax = 10 * 60_000;

/**
 * Runs test files under `node --test`. A signal ends the running tests and lets the caller clean up after them,
 * where it would otherwise end this process at once.
 */
export class TestRunner {
  #child: ChildProcess | undefined;
  #interrupted = false;

  constructor() {
    for (const signal of signals) {
      process.on(signal, () => {
        this.#interrupted = true;
        this.#child?.kill(signal);
      });
    }
  }

  /** Whether a signal has asked for the end. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Answers with the exit code: 0 when all passed. */
  async run(title: string, files: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
    console.log(`\n== ${title} (${files.length} files)`);
    const { command, args } = endedWithParent(process.execPath, [
      '--test',
      '--test-reporter=spec',
      `--test-timeout=${testMsMax}`,
      ...files,
    ]);
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    this.#child = child;
    const [code] = await once(child, 'exit');
    this.#child = undefined;
    return typeof code === 'number' ? code : 1;
  }
}
