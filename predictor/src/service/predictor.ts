import type { Metrics } from '../metrics.ts';
import type { FamilySettings } from '../models/settings.ts';
import { Problem } from '../problems.ts';
import type { RawBar } from '../series/bar.ts';
import type { Judgement } from '../series/judge.ts';
import type { ConfiguredSource } from '../sources/config.ts';
import type { BacktestStore } from '../store/backtest-store.ts';
import type { AddOptions, BarStore } from '../store/bar-store.ts';
import type { VersionStore } from '../store/version-store.ts';
import type { ComputeQueue } from '../worker/compute-queue.ts';
import { Background, type Log } from './background.ts';
import { type BacktestAnswer, type BacktestRequest, Backtests } from './backtests.ts';
import { isFitDue } from './fit-due.ts';
import { describeForecast, type Forecast } from './forecast.ts';
import { setGauges } from './gauges.ts';
import { Intake, type RefreshAnswer } from './intake.ts';
import type { LiveSeries, Standing } from './live-series.ts';
import { needBars } from './need-bars.ts';
import { Readiness } from './readiness.ts';
import { type PredictorSettings, SETTINGS_DEFAULTS } from './settings.ts';
import { Shelf } from './shelf.ts';
import type { SourceStatus } from './source-status.ts';
import { staleReasonsOf } from './staleness.ts';
import { Standings } from './standings.ts';
import { watchStore } from './store-errors.ts';
import type { ModelVersion } from './version.ts';
import { type FitAnswer, Versions } from './versions.ts';

export interface PredictorParts {
  readonly bars: BarStore;
  readonly versions: VersionStore;
  readonly backtests: BacktestStore;
  /** For what a request waits for. */
  readonly quick: ComputeQueue;
  /** For backtests, which may take a minute. */
  readonly slow: ComputeQueue;
  readonly sources: readonly ConfiguredSource[];
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  readonly settings?: Partial<PredictorSettings>;
}

/** The service, free of HTTP: series, versions, forecasts, and the repairs. */
export class Predictor {
  readonly #parts: PredictorParts;
  readonly #settings: PredictorSettings;
  readonly #shelf: Shelf;
  readonly #intake: Intake;
  readonly #versions: Versions;
  readonly #standings: Standings;
  readonly #backtests: Backtests;
  readonly #background: Background;
  readonly #readiness: Readiness;

  constructor(parts: PredictorParts) {
    this.#parts = parts;
    this.#settings = { ...SETTINGS_DEFAULTS, ...parts.settings };
    this.#background = new Background(parts.log);
    this.#shelf = new Shelf({
      ...parts,
      onRead: (series) => this.#background.run(series.symbol, () => this.#followUp(series)),
    });
    this.#intake = new Intake({ ...parts, shelf: this.#shelf, get: (symbol) => this.get(symbol) });
    this.#versions = new Versions({
      ...parts,
      store: parts.versions,
      queue: parts.quick,
      family: this.#settings.family,
      get: (symbol) => this.get(symbol),
      use: (version) => this.#use(version),
    });
    this.#standings = new Standings(parts.quick, parts.log, (symbol) => this.#shelf.find(symbol));
    this.#backtests = new Backtests(parts.slow, parts.backtests, parts.now);
    this.#readiness = new Readiness({
      shelf: this.#shelf,
      background: this.#background,
      sources: parts.sources,
    });
  }

  /** Loads every series; refreshes those that have a source, and forecasts, in the background. */
  async load(): Promise<void> {
    await this.#shelf.readAll();
    for (const { symbol } of this.#parts.sources) {
      this.#background.run(symbol, () => this.refresh(symbol));
    }
    this.#readiness.loaded();
  }

  /** What a request would have to wait for, in words; empty once it is ready. */
  notReady(): string[] {
    return this.#readiness.waitingFor();
  }

  /** Waits for the work in the background to end, before the store is closed under it. */
  async settle(): Promise<void> {
    await this.#background.settle();
  }

  list(): LiveSeries[] {
    return this.#shelf.list();
  }

  /** Configured sources whose series have no bars yet. */
  withoutBars(): ConfiguredSource[] {
    return this.#parts.sources.filter(({ symbol }) => this.#shelf.find(symbol) === undefined);
  }

  /** Symbols of the series that are stale, or have no bars yet. */
  stale(): readonly string[] {
    const stale = this.list().filter((series) => this.staleReasons(series).length > 0);
    return [...stale, ...this.withoutBars()].map(({ symbol }) => symbol);
  }

  /** @throws Problem unknown-symbol, too-few-bars (there is a source, which gave none yet) */
  get(symbol: string): LiveSeries {
    const series = this.#shelf.find(symbol);
    if (series !== undefined) return series;
    if (this.sourceOf(symbol) === undefined)
      throw new Problem('unknown-symbol', `There is no series "${symbol}".`);
    throw new Problem('too-few-bars', `${symbol} has no bars. ${this.whyWithoutBars(symbol)}`);
  }

  /** In a sentence, of a series whose source gave none. */
  whyWithoutBars(symbol: string): string {
    return this.#intake.sources.whyWithoutBars(symbol);
  }

  /** What the last refresh came to; undefined before the first. */
  sourceStatus(symbol: string): SourceStatus | undefined {
    return this.#intake.sources.status(symbol);
  }

  sourceOf(symbol: string): ConfiguredSource | undefined {
    return this.#intake.sources.of(symbol);
  }

  versions(symbol: string): Promise<ModelVersion[]> {
    return this.#versions.list(symbol);
  }

  /** @throws Problem unknown-symbol, too-few-bars, no-model, and those of a computation */
  async forecast(symbol: string, horizon: number, levels: readonly number[]): Promise<Forecast> {
    const series = this.get(symbol);
    if (series.version === undefined) {
      needBars(series);
      throw new Problem('no-model', `${symbol} has ${series.barCount} bars and no fitted model.`);
    }
    const standing = await this.#standings.of(series);
    return describeForecast(standing, horizon, levels, this.staleReasons(this.get(symbol), standing));
  }

  /** See `staleReasonsOf`. */
  staleReasons(series: LiveSeries, standing?: Standing): Forecast['staleReasons'] {
    const source = this.sourceStatus(series.symbol);
    return staleReasonsOf(series, this.#parts.now(), this.#settings.ageBarsMax, source, standing);
  }

  /**
   * Takes bars into a series, which is made if it is new.
   * @throws Problem bars-conflict, payload-too-large, disk-full, store-failed
   */
  addBars(symbol: string, rows: readonly RawBar[], options: Omit<AddOptions, 'nowMs'>): Promise<Judgement> {
    return this.#intake.add(symbol, rows, options);
  }

  /** Pulls from the source, if there is one, and reads the series anew. Several callers share one refresh. */
  refresh(symbol: string): Promise<RefreshAnswer> {
    return this.#intake.refresh(symbol);
  }

  /**
   * Sees to it that the active version is one fitted on the bars as they are now. Several callers with the same settings share
   * one fit.
   * @throws Problem unknown-symbol, too-few-bars, fit-failed (the active version stays), and those of a computation
   */
  fit(symbol: string, changes: Partial<FamilySettings> = {}): Promise<FitAnswer> {
    return this.#versions.fit(symbol, changes);
  }

  /** @throws Problem unknown-symbol, unknown-version */
  activate(symbol: string, number: number): Promise<ModelVersion> {
    return this.#versions.activate(symbol, number);
  }

  /**
   * Sees to it that the active version is one with a good record. Asked again, it changes nothing: who repairs does not
   * have to know a number, and may repeat a call whose answer was lost.
   * @throws Problem unknown-symbol, no-good-version (the active version stays)
   */
  rollBack(symbol: string): Promise<ModelVersion> {
    return this.#versions.rollBack(symbol);
  }

  /** Starts a backtest, or says how the running one goes on. */
  startBacktest(symbol: string, request: BacktestRequest): Promise<BacktestAnswer> {
    const { returns } = this.get(symbol);
    const settings = { symbol, family: this.#settings.family, ...request };
    if (!this.#backtests.isRunning(symbol)) {
      this.#background.run(symbol, () =>
        watchStore(this.#parts.metrics, this.#backtests.run({ kind: 'backtest', series: returns, settings })),
      );
    }
    return this.#backtests.find(symbol);
  }

  /** @throws Problem unknown-symbol, no-backtest */
  backtest(symbol: string): Promise<BacktestAnswer> {
    this.get(symbol);
    return watchStore(this.#parts.metrics, this.#backtests.find(symbol));
  }

  /** A fault: the newest `count` bars go out of sight until the next refresh or start. */
  async hideBars(symbol: string, count: number): Promise<void> {
    this.get(symbol);
    await this.#shelf.hide(symbol, count);
  }

  async showBars(): Promise<void> {
    await this.#shelf.showAll();
  }

  /** A fault: a version that is bad on purpose becomes the active one. */
  drift(
    symbol: string,
    how: { readonly factor: number; readonly survivesFit: boolean },
  ): Promise<ModelVersion> {
    return this.#versions.drift(symbol, how);
  }

  /** Ends the fault of fits that come out bad; the version that is active stays. */
  fitWell(): void {
    this.#versions.fitWell();
  }

  /** Sets the gauges of every series; for the moment of a scrape. */
  observe(): void {
    const { metrics, now } = this.#parts;
    for (const series of this.list()) {
      setGauges(metrics, series, now(), this.staleReasons(series).length > 0);
    }
    for (const { symbol } of this.withoutBars()) {
      metrics.stale.set({ symbol }, this.sourceStatus(symbol) === undefined ? 0 : 1);
    }
    // What a repair mends too is told by what is, not by what was asked for.
    const isDrifted = this.list().some(({ version }) => version?.origin === 'fault');
    metrics.faults.set({ kind: 'stale' }, this.#shelf.isHiding() ? 1 : 0);
    metrics.faults.set({ kind: 'drift' }, isDrifted ? 1 : 0);
  }

  async #followUp(series: LiveSeries): Promise<void> {
    if (series.version !== undefined) await this.#standings.of(series);
    // Bars that a fault hides are no news, and what a fault has broken is for the repairs to mend.
    if (this.#shelf.isHiding(series.symbol)) return;
    if (isFitDue(series, this.#settings.refitAfterBars)) await this.fit(series.symbol);
  }

  #use(version: ModelVersion): void {
    const series = this.get(version.symbol);
    series.version = version;
    this.#background.run(version.symbol, () => this.#standings.of(series));
  }
}
