import { mkdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { ChildProgram } from './childProgram.ts';
import type { Engine } from './engine.ts';
import { findProgram, labFolder } from './labFolder.ts';
import { removeWithMounts } from './removeWithMounts.ts';

const READY_MS = 60_000;
const SILENCE_MS = 120_000;

/** An engine whose daemon may be ended and started again: only in a world of its own (`runInOwnWorld`). */
export class RestartableEngine implements Engine {
  readonly docker: Docker;
  readonly dockerHost: string;
  readonly #folder: string;
  #program: ChildProgram | null = null;

  private constructor(folder: string) {
    this.#folder = folder;
    const socketPath = join(folder, 'docker.sock');
    this.docker = new Docker({ socketPath, timeout: SILENCE_MS });
    this.dockerHost = `unix://${socketPath}`;
  }

  /** Its images stay in the lab's folder, so that they are built once. */
  static async start(): Promise<RestartableEngine> {
    // Short: the path of a unix socket is limited to 107 bytes.
    const engine = new RestartableEngine(await mkdtemp(join(tmpdir(), 'mpa-own-')));
    try {
      await engine.startDaemon();
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  /** Starts the daemon, on the data that it had before. */
  async startDaemon(): Promise<void> {
    const data = join(labFolder(), 'own-engine');
    mkdirSync(data, { recursive: true });
    this.#program = await ChildProgram.start({
      command: findProgram('dockerd'),
      args: [
        ...['--host', this.dockerHost, '--data-root', data],
        ...['--exec-root', join(this.#folder, 'exec'), '--pidfile', join(this.#folder, 'docker.pid')],
        ...['--log-level', 'warn'],
      ],
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
      logPath: join(this.#folder, 'log'),
      stopTimeoutMs: 60_000,
    });
    const ping = () => this.docker.ping().then(() => true);
    await this.#program.whenReady(ping, { deadlineMs: READY_MS });
  }

  /**
   * Ends the daemon. By SIGTERM it ends its containers first, as it is stopped with its machine's service; by SIGKILL it
   * leaves them running, as a crash does.
   */
  async endDaemon(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const program = this.#program;
    if (program === null) return;
    this.#program = null;
    if (signal === 'SIGKILL') process.kill(program.pid, signal);
    await program[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endDaemon('SIGTERM');
    await removeWithMounts(this.#folder);
  }
}
