import { Worker } from 'node:worker_threads';
import type { Progress } from '../backtest/run.ts';
import { Problem } from '../problems.ts';
import type { Job, Results } from './jobs.ts';
import type { Reply, Request } from './messages.ts';

export interface ComputeOptions {
  readonly deadlineMs: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly id: number;
  readonly job: Job;
  readonly options: ComputeOptions;
  readonly resolve: (result: Results[Job['kind']]) => void;
  readonly reject: (problem: Problem) => void;
}

const WAITING_MAX = 32;
/** An idle thread is let go, with its memory: 15 MB. A new one takes 0.1 s to start. */
const IDLE_MS = 2_000;
const HEAP_MAX_MB = 128;

/**
 * A queue before one worker thread, so that no computation ever holds up the event loop. The thread is started when
 * there is work and ended when there is none for a while, when a job outlives its deadline, or is aborted.
 */
export class ComputeQueue implements AsyncDisposable {
  #worker: Worker | undefined;
  #running: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;
  readonly #waiting: Waiting[] = [];

  /** @throws Problem busy, compute-timeout, compute-failed, shutting-down, and those of the job */
  run<K extends Job['kind']>(job: Extract<Job, { kind: K }>, options: ComputeOptions): Promise<Results[K]> {
    if (this.#closed) return Promise.reject(new Problem('shutting-down', 'The service is stopping.'));
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(new Problem('busy', `${WAITING_MAX} computations are waiting.`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Results[Job['kind']]>();
    const entry: Waiting = { id: this.#nextId, job, options, resolve, reject };
    this.#nextId += 1;
    this.#waiting.push(entry);
    options.signal?.addEventListener('abort', () => this.#abort(entry), { once: true });
    this.#startNext();
    // `perform` answers each kind of job with the result of that kind.
    return promise as Promise<Results[K]>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const problem = new Problem('shutting-down', 'The service is stopping.');
    for (const entry of this.#waiting.splice(0)) entry.reject(problem);
    this.#running?.reject(problem);
    this.#running = undefined;
    await this.#endWorker();
  }

  #startNext(): void {
    if (this.#running !== undefined) return;
    const entry = this.#waiting.shift();
    clearTimeout(this.#timer);
    if (entry === undefined) {
      this.#timer = setTimeout(() => void this.#endWorker(), IDLE_MS).unref();
      return;
    }
    this.#running = entry;
    const { deadlineMs } = entry.options;
    this.#timer = setTimeout(() => {
      void this.#replaceWorker(
        new Problem('compute-timeout', `It was not done within ${deadlineMs / 1000} s.`),
      );
    }, deadlineMs);
    const request: Request = { id: entry.id, job: entry.job };
    this.#workerForUse().postMessage(request);
  }

  #workerForUse(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX_MB, maxYoungGenerationSizeMb: 1 },
    });
    worker.unref();
    // What a thread had said before it was ended must not pass for the answer of the next job.
    worker.on('message', (reply: Reply) => {
      if (this.#worker === worker) this.#hear(reply);
    });
    worker.on('error', (error) => {
      if (this.#worker !== worker) return;
      void this.#replaceWorker(
        new Problem('compute-failed', `The computing thread ended: ${describe(error)}.`),
      );
    });
    this.#worker = worker;
    return worker;
  }

  #hear(reply: Reply): void {
    const running = this.#running;
    if (running === undefined || reply.id !== running.id) return;
    switch (reply.kind) {
      case 'progress':
        running.options.onProgress?.(reply.progress);
        return;
      case 'result':
        running.resolve(reply.result);
        break;
      case 'problem':
        running.reject(new Problem(reply.code, reply.detail));
        break;
      default:
        reply satisfies never;
    }
    this.#running = undefined;
    this.#startNext();
  }

  #abort(entry: Waiting): void {
    const problem = new Problem('shutting-down', 'The computation was called off.');
    const place = this.#waiting.indexOf(entry);
    if (place !== -1) {
      this.#waiting.splice(place, 1);
      entry.reject(problem);
    } else if (this.#running === entry) {
      void this.#replaceWorker(problem);
    }
  }

  /** A thread in the middle of a computation can only be ended; the next job gets a new one. */
  async #replaceWorker(problem: Problem): Promise<void> {
    this.#running?.reject(problem);
    await this.#endWorker();
    this.#running = undefined;
    if (!this.#closed) this.#startNext();
  }

  async #endWorker(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
