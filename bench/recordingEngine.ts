import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BenchTargets } from './benchAgent.ts';

export type ToEngine = { readonly kind: 'break'; readonly name: string };
export type FromEngine =
  | { readonly kind: 'listening' }
  | { readonly kind: 'broken'; readonly name: string }
  /** `at`: when the call was seen, by `nowMs`. */
  | { readonly kind: 'restarted'; readonly name: string; readonly at: number };

/** A Docker socket that answers at once and keeps record of when it was told to restart what. */
export class RecordingEngine implements AsyncDisposable {
  /** Of its containers. */
  readonly names: readonly string[];
  readonly socketPath: string;
  readonly #folder: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<string, (message: FromEngine) => void>();

  private constructor(folder: string, names: readonly string[]) {
    this.#folder = folder;
    this.names = names;
    this.socketPath = join(folder, 'docker.sock');
    this.#worker = new Worker(new URL('./recordingEngineThread.ts', import.meta.url), {
      workerData: { socketPath: this.socketPath, names },
    });
    this.#worker.on('message', (message: FromEngine) => {
      const key = message.kind === 'listening' ? message.kind : `${message.kind} ${message.name}`;
      this.#waiting.get(key)?.(message);
      this.#waiting.delete(key);
    });
  }

  /** @param count How many containers it has: `service-0`, `service-1`, ... */
  static async open(count: number): Promise<RecordingEngine> {
    const names = Array.from({ length: count }, (_, index) => `service-${index}`);
    const engine = new RecordingEngine(await mkdtemp(join(tmpdir(), 'mpa-bench-')), names);
    await engine.#next('listening');
    return engine;
  }

  get dockerHost(): string {
    return `unix://${this.socketPath}`;
  }

  /** Each of its containers as a target of the same name. */
  get targets(): BenchTargets {
    return Object.fromEntries(this.names.map((name) => [name, { container: name }]));
  }

  /** From now on the container stands still with code 137, until it is restarted. */
  async break(name: string): Promise<void> {
    const broken = this.#next(`broken ${name}`);
    const message: ToEngine = { kind: 'break', name };
    this.#worker.postMessage(message);
    await broken;
  }

  /** When the next call to restart it was seen, by `nowMs`. */
  async nextRestart(name: string): Promise<number> {
    const message = await this.#next(`restarted ${name}`);
    if (message.kind !== 'restarted') throw new Error('asked for by its kind');
    return message.at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #next(key: string): Promise<FromEngine> {
    const { promise, resolve } = Promise.withResolvers<FromEngine>();
    this.#waiting.set(key, resolve);
    return promise;
  }
}
