import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type Patience, waitFor } from './waitFor.ts';

const outputKeptBytesMax = 64 * 1024;
const setpriv = '/usr/bin/setpriv';

/** How a process of the lab is started and ended. */
export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds between SIGTERM and SIGKILL when it is ended. */
  readonly stopTimeoutMs: number;
}

/**
 * A real program that a test started: it is ended by its pid with the test, and also when the test's process dies.
 * The end of its output is kept for the error that says why it did not start.
 */
export class ChildProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #options: ProgramOptions;
  readonly #ended = new AbortController();
  readonly #endWithUs = () => this.#child.kill('SIGTERM');
  #output = '';

  private constructor(child: ChildProcess, options: ProgramOptions) {
    this.#child = child;
    this.#options = options;
    child.once('exit', (code, signal) => {
      this.#ended.abort(new Error(`${options.command} ended (${code ?? signal})`));
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-outputKeptBytesMax);
      });
    }
    process.once('exit', this.#endWithUs);
  }

  /** @throws Error when the program cannot be started at all. */
  static async start(options: ProgramOptions): Promise<ChildProgram> {
    // The kernel ends it with us even where no handler of ours can run (SIGKILL). It has a process group of its own:
    // Ctrl-C goes to the tests, and they end what they started in the right order.
    const guarded = existsSync(setpriv);
    const child = spawn(
      guarded ? setpriv : options.command,
      guarded ? ['--pdeathsig', 'TERM', options.command, ...options.args] : options.args,
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: options.env ?? process.env,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      },
    );
    await once(child, 'spawn');
    return new ChildProgram(child, options);
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(`${this.#options.command} has no pid`);
    return pid;
  }

  /** The last 64 KiB of what it wrote to either stream. */
  get output(): string {
    return this.#output;
  }

  /**
   * Waits until a look at the program succeeds; fails at once, with the end of its output, when it ends before that.
   * The program is the caller's to dispose, then too.
   */
  async whenReady(look: (signal: AbortSignal) => Promise<boolean>, patience: Patience = {}): Promise<void> {
    const { command } = this.#options;
    try {
      const ready = (seen: boolean) => seen;
      await waitFor(`${command} to be ready`, look, ready, { ...patience, signal: this.#ended.signal });
    } catch (error) {
      throw new Error(`${command} did not become ready; it said:\n${this.#output.slice(-2_000)}`, {
        cause: error,
      });
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
