import type { FastifyInstance } from 'fastify';
import { createServer } from '../http/server.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { ConfiguredSource } from '../sources/config.ts';
import { BacktestStore } from '../store/backtest-store.ts';
import { BarStore } from '../store/bar-store.ts';
import { type OpenOptions, openDatabase } from '../store/database.ts';
import { VersionStore } from '../store/version-store.ts';
import { ComputeQueue } from '../worker/compute-queue.ts';
import { Predictor } from './predictor.ts';
import { type RetryDelays, scheduleRefreshes } from './refresh-schedule.ts';
import type { PredictorSettings } from './settings.ts';

export interface StartOptions {
  readonly databasePath: string;
  readonly database?: OpenOptions;
  readonly sources: readonly ConfiguredSource[];
  readonly tokenFile: string | undefined;
  readonly allowFaults: boolean;
  readonly logLevel: string;
  readonly now: () => number;
  readonly settings?: Partial<PredictorSettings>;
  /** Between attempts at a source that failed at the start. */
  readonly retry?: RetryDelays;
}

export interface Running extends AsyncDisposable {
  /** Not listening yet. */
  readonly app: FastifyInstance;
  readonly predictor: Predictor;
  readonly metrics: Metrics;
}

/** Puts the service together: the one place that knows every part. Disposing of it closes them all. */
export async function startService(options: StartOptions): Promise<Running> {
  const database = openDatabase(options.databasePath, options.database);
  const quick = new ComputeQueue();
  const slow = new ComputeQueue();
  const metrics = createMetrics();
  const { app, predictor } = await createServer(
    (log) =>
      new Predictor({
        bars: new BarStore(database),
        versions: new VersionStore(database),
        backtests: new BacktestStore(database),
        quick,
        slow,
        sources: options.sources,
        metrics,
        log,
        now: options.now,
        settings: options.settings ?? {},
      }),
    metrics,
    options,
  );
  const schedule = scheduleRefreshes(predictor, options.sources, options.retry);
  return {
    app,
    predictor,
    metrics,
    async [Symbol.asyncDispose]() {
      schedule[Symbol.dispose]();
      await app.close();
      await Promise.all([quick[Symbol.asyncDispose](), slow[Symbol.asyncDispose]()]);
      await predictor.settle();
      database[Symbol.dispose]();
    },
  };
}
