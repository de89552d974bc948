import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { endedWithParent } from './endedWithParent.ts';
import { type Patience, waitFor } from './waitFor.ts';

const outputShownMax = 2_000;

/** How a process of the lab is started and ended. */
export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where it writes what it says. A file, so that it can still end in order when nobody reads a pipe any more. */
  readonly logPath: string;
  /** Milliseconds between SIGTERM and SIGKILL when it is ended. */
  readonly stopTimeoutMs: number;
}

/**
 * A real program that a test started: it is ended by its pid with the test, and also when the test's process dies.
 */
export class ChildProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #options: ProgramOptions;
  readonly #ended = new AbortController();
  readonly #endWithUs = () => this.#child.kill('SIGTERM');

  private constructor(child: ChildProcess, options: ProgramOptions) {
    this.#child = child;
    this.#options = options;
    child.once('exit', (code, signal) => {
      this.#ended.abort(new Error(`${options.command} ended (${code ?? signal})`));
    });
    process.once('exit', this.#endWithUs);
  }

  /** @throws Error when the program cannot be started at all. */
  static async start(options: ProgramOptions): Promise<ChildProgram> {
    const log = openSync(options.logPath, 'a');
    const { command, args } = endedWithParent(options.command, options.args);
    const child = spawn(command, args, {
      // A process group of its own: Ctrl-C goes to the tests, and they end what they started in the right order.
      detached: true,
      stdio: ['ignore', log, log],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    closeSync(log);
    await once(child, 'spawn');
    return new ChildProgram(child, options);
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(`${this.#options.command} has no pid`);
    return pid;
  }

  /**
   * Waits until a look at the program succeeds; fails at once, with the end of its output, when it ends before that.
   * The program is the caller's to dispose, then too.
   */
  async whenReady(look: (signal: AbortSignal) => Promise<boolean>, patience: Patience = {}): Promise<void> {
    const { command, logPath } = this.#options;
    try {
      const ready = (seen: boolean) => seen;
      await waitFor(`${command} to be ready`, look, ready, { ...patience, signal: this.#ended.signal });
    } catch (error) {
      const said = readFileSync(logPath, 'utf8').slice(-outputShownMax);
      throw new Error(`${command} did not become ready; it said:\n${said}`, { cause: error });
    }
  }

  /** Ends it (SIGTERM, then SIGKILL after the stop timeout) and waits until it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    process.removeListener('exit', this.#endWithUs);
    if (this.#ended.signal.aborted) return;
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), this.#options.stopTimeoutMs);
    await once(this.#ended.signal, 'abort');
    clearTimeout(late);
  }
}
