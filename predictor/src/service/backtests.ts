import type { BacktestSettings, Progress } from '../backtest/run.ts';
import { asProblem, Problem } from '../problems.ts';
import type { BacktestStore, StoredBacktest } from '../store/backtest-store.ts';
import type { ComputeQueue } from '../worker/compute-queue.ts';
import type { Job } from '../worker/jobs.ts';

export type BacktestAnswer =
  | { readonly status: 'running'; readonly startedMs: number; readonly progress: Progress }
  | { readonly status: 'failed'; readonly problem: Problem }
  | { readonly status: 'done'; readonly stored: StoredBacktest };

type BacktestJob = Extract<Job, { kind: 'backtest' }>;
export type BacktestRequest = Omit<BacktestSettings, 'symbol' | 'family'>;

const DEADLINE_MS = 10 * 60_000;

/** The backtests that the service runs: at most one of a series at a time, the last one kept. */
export class Backtests {
  readonly #queue: ComputeQueue;
  readonly #store: BacktestStore;
  readonly #now: () => number;
  /** Those that run, and those that failed since. */
  readonly #states = new Map<string, Exclude<BacktestAnswer, { status: 'done' }>>();

  constructor(queue: ComputeQueue, store: BacktestStore, now: () => number) {
    this.#queue = queue;
    this.#store = store;
    this.#now = now;
  }

  isRunning(symbol: string): boolean {
    return this.#states.get(symbol)?.status === 'running';
  }

  /** Rejects when it fails, which `find` tells too. */
  async run(job: BacktestJob): Promise<void> {
    const { symbol } = job.settings;
    const startedMs = this.#now();
    const onProgress = (progress: Progress): void => {
      this.#states.set(symbol, { status: 'running', startedMs, progress });
    };
    onProgress({ done: 0, total: 0 });
    try {
      const result = await this.#queue.run<'backtest'>(job, { deadlineMs: DEADLINE_MS, onProgress });
      await this.#store.put(this.#now(), result);
      this.#states.delete(symbol);
    } catch (error) {
      this.#states.set(symbol, { status: 'failed', problem: asProblem(error) });
      throw error;
    }
  }

  /** @throws Problem no-backtest */
  async find(symbol: string): Promise<BacktestAnswer> {
    const now = this.#states.get(symbol);
    if (now !== undefined) return now;
    const stored = await this.#store.find(symbol);
    if (stored === undefined) throw new Problem('no-backtest', `No backtest of ${symbol} was run.`);
    return { status: 'done', stored };
  }
}
