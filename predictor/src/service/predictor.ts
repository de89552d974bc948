import type { Metrics } from '../metrics.ts';
import type { FamilySettings } from '../models/settings.ts';
import { asProblem, Problem } from '../problems.ts';
import type { RawBar } from '../series/bar.ts';
import type { Judgement } from '../series/judge.ts';
import { isRejection } from '../series/verdict.ts';
import type { ConfiguredSource } from '../sources/config.ts';
import type { BacktestStore } from '../store/backtest-store.ts';
import type { AddOptions, BarStore } from '../store/bar-store.ts';
import type { VersionStore } from '../store/version-store.ts';
import type { ComputeQueue } from '../worker/compute-queue.ts';
import { Background, type Log } from './background.ts';
import { type BacktestAnswer, type BacktestRequest, Backtests } from './backtests.ts';
import { describeForecast, type Forecast } from './forecast.ts';
import { setGauges } from './gauges.ts';
import { RETURNS_MIN } from './limits.ts';
import { type LiveSeries, liveSeries, type Standing } from './live-series.ts';
import { hasGoodRecord } from './scores.ts';
import { type PredictorSettings, SETTINGS_DEFAULTS } from './settings.ts';
import { shared } from './shared.ts';
import type { SourceStatus } from './source-status.ts';
import { staleReasonsOf } from './staleness.ts';
import { Standings } from './standings.ts';
import type { ModelVersion, VersionBody, VersionOrigin } from './version.ts';

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

export interface FitAnswer {
  readonly version: ModelVersion;
  /** False: there was a version of just these bars and settings; it is the active one now. */
  readonly created: boolean;
}

export interface RefreshAnswer {
  readonly source: string | undefined;
  readonly judgement: Judgement | undefined;
  readonly status: SourceStatus | undefined;
  readonly series: LiveSeries;
}

const FIT_DEADLINE_MS = 60_000;
const DRIFT_DEADLINE_MS = 20_000;
const REFRESH_DEADLINE_MS = 120_000;

/** The service, free of HTTP: series, versions, forecasts, and the repairs. */
export class Predictor {
  readonly #parts: PredictorParts;
  readonly #settings: PredictorSettings;
  readonly #series = new Map<string, LiveSeries>();
  /** Apart from the series: a source may fail before there is one. */
  readonly #sourceStatus = new Map<string, SourceStatus>();
  readonly #standings: Standings;
  readonly #fitting = new Map<string, Promise<FitAnswer>>();
  readonly #refreshing = new Map<string, Promise<RefreshAnswer>>();
  readonly #backtests: Backtests;
  readonly #background: Background;
  #loaded = false;
  #wasReady = false;
  /** A fault: the newest bars that are left out of sight, by symbol, until the series is refreshed. */
  /** By which factor a fit of a symbol comes out bad (fault `drift` that survives it). */
  readonly #badFits = new Map<string, number>();
  readonly #hiddenBars = new Map<string, number>();

  constructor(parts: PredictorParts) {
    this.#parts = parts;
    this.#settings = { ...SETTINGS_DEFAULTS, ...parts.settings };
    this.#background = new Background(parts.log);
    this.#standings = new Standings(parts.quick, parts.log, (symbol) => this.#series.get(symbol));
    this.#backtests = new Backtests(parts.slow, parts.backtests, parts.now);
  }

  /** Loads every series; refreshes those that have a source, and forecasts, in the background. */
  async load(): Promise<void> {
    for (const { symbol } of await this.#parts.bars.list()) await this.#reload(symbol);
    for (const { symbol } of this.#parts.sources) {
      this.#background.run(symbol, () => this.refresh(symbol));
    }
    this.#loaded = true;
  }

  /**
   * What a request would have to wait for after the start: series whose first forecast is being worked out. Once ready it
   * stays so: a series that is added later makes the others wait for nothing. One whose source fails does not hold up the
   * others either; where no source gave anything there is nothing to be ready with.
   */
  notReady(): string[] {
    if (!this.#loaded) return ['the database'];
    if (this.#series.size === 0 && this.#parts.sources.length > 0) {
      return this.#parts.sources.map(({ symbol }) => `the first bars of ${symbol}`);
    }
    const symbols = [...this.#series.keys(), ...this.#parts.sources.map(({ symbol }) => symbol)];
    const waiting = [...new Set(symbols)].filter(
      (symbol) => this.#series.get(symbol)?.standing === undefined && this.#background.isBusyWith(symbol),
    );
    this.#wasReady ||= waiting.length === 0;
    return this.#wasReady ? [] : waiting.map((symbol) => `the first forecast of ${symbol}`);
  }

  /** Waits for the work in the background to end, before the store is closed under it. */
  async settle(): Promise<void> {
    await this.#background.settle();
  }

  list(): LiveSeries[] {
    return [...this.#series.values()];
  }

  /** Configured sources whose series have no bars yet. */
  withoutBars(): ConfiguredSource[] {
    return this.#parts.sources.filter(({ symbol }) => !this.#series.has(symbol));
  }

  /** Symbols of the series that are stale, or have no bars yet. */
  stale(): readonly string[] {
    const stale = this.list().filter((series) => this.staleReasons(series).length > 0);
    return [...stale, ...this.withoutBars()].map(({ symbol }) => symbol);
  }

  /** @throws Problem unknown-symbol, too-few-bars (there is a source, which gave none yet) */
  get(symbol: string): LiveSeries {
    const series = this.#series.get(symbol);
    if (series !== undefined) return series;
    if (this.sourceOf(symbol) === undefined)
      throw new Problem('unknown-symbol', `There is no series "${symbol}".`);
    throw new Problem('too-few-bars', `${symbol} has no bars. ${this.whyWithoutBars(symbol)}`);
  }

  /** In a sentence, of a series whose source gave none. */
  whyWithoutBars(symbol: string): string {
    const status = this.sourceStatus(symbol);
    return status === undefined ? 'Its source was not read yet.' : (status.detail ?? 'Its source gave none.');
  }

  /** What the last refresh came to; undefined before the first. */
  sourceStatus(symbol: string): SourceStatus | undefined {
    return this.#sourceStatus.get(symbol);
  }

  sourceOf(symbol: string): ConfiguredSource | undefined {
    return this.#parts.sources.find((source) => source.symbol === symbol);
  }

  versions(symbol: string): Promise<ModelVersion[]> {
    this.get(symbol);
    return this.#watchStore(this.#parts.versions.list(symbol));
  }

  /** @throws Problem unknown-symbol, too-few-bars, no-model, and those of a computation */
  async forecast(symbol: string, horizon: number, levels: readonly number[]): Promise<Forecast> {
    const series = this.get(symbol);
    if (series.version === undefined) {
      this.#needBars(series);
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
  async addBars(
    symbol: string,
    rows: readonly RawBar[],
    options: Omit<AddOptions, 'nowMs'>,
  ): Promise<Judgement> {
    const nowMs = this.#parts.now();
    const judgement = await this.#watchStore(this.#parts.bars.add(symbol, rows, { ...options, nowMs }));
    for (const verdict of judgement.verdicts) {
      if (isRejection(verdict)) this.#parts.metrics.rejectedBars.inc({ symbol, verdict: verdict.verdict });
    }
    if (judgement.fresh.length + judgement.replaced.length > 0) await this.#reload(symbol);
    return judgement;
  }

  /** Pulls from the source, if there is one, and reads the series anew. Several callers share one refresh. */
  refresh(symbol: string): Promise<RefreshAnswer> {
    return shared(this.#refreshing, symbol, async () => {
      const configured = this.sourceOf(symbol);
      if (configured === undefined) this.get(symbol);
      // Before the source is asked: it may fail, and the fault is mended all the same.
      if (this.#hiddenBars.delete(symbol)) await this.#reload(symbol);
      const judgement = configured === undefined ? undefined : await this.#pull(configured);
      // Fresh bars have had the series read anew already.
      if ((judgement?.fresh.length ?? 0) === 0) await this.#reload(symbol);
      const status = configured === undefined ? undefined : this.sourceStatus(symbol);
      return { source: configured?.source.description, judgement, status, series: this.get(symbol) };
    });
  }

  /**
   * Sees to it that the active version is one fitted on the bars as they are now. Several callers with the same settings share
   * one fit.
   * @throws Problem unknown-symbol, too-few-bars, fit-failed (the active version stays), and those of a computation
   */
  fit(symbol: string, changes: Partial<FamilySettings> = {}): Promise<FitAnswer> {
    const settings = { ...this.#settings.family, ...changes };
    // Who asks for other settings must not be given the version of these.
    return shared(this.#fitting, `${symbol} ${JSON.stringify(settings)}`, async () => {
      const series = this.get(symbol);
      this.#needBars(series);
      const badBy = this.#badFits.get(symbol);
      const versions = badBy === undefined ? await this.versions(symbol) : [];
      const same = versions.find((version) => isFitOf(version, series, settings));
      if (same !== undefined) {
        this.#parts.metrics.fits.inc({ symbol, outcome: 'reused' });
        return { version: await this.activate(symbol, same.version), created: false };
      }
      const outcome = await this.#parts.quick
        .run<'fit'>({ kind: 'fit', series: series.returns, settings }, { deadlineMs: FIT_DEADLINE_MS })
        .catch((error: unknown) => {
          this.#parts.metrics.fits.inc({ symbol, outcome: 'failed' });
          throw error;
        });
      if (!outcome.fitted) {
        this.#parts.metrics.fits.inc({ symbol, outcome: 'failed' });
        throw new Problem('fit-failed', `${outcome.model}: ${outcome.reason}.`, {
          model: outcome.model,
          activeVersion: series.version?.version ?? null,
        });
      }
      const version =
        badBy === undefined
          ? await this.#addVersion(series, outcome.body, 'fit')
          : await this.#addVersion(series, await this.#drifted(series, outcome.body, badBy), 'fault');
      this.#parts.metrics.fits.inc({ symbol, outcome: 'fitted' });
      return { version, created: true };
    });
  }

  /** Stores a version and makes it the active one. */
  async #addVersion(series: LiveSeries, body: VersionBody, origin: VersionOrigin): Promise<ModelVersion> {
    const version = await this.#watchStore(
      this.#parts.versions.addActive({
        symbol: series.symbol,
        createdMs: this.#parts.now(),
        origin,
        dataFromMs: series.firstMs,
        dataToMs: series.newest.time,
        bars: series.barCount,
        body: { ...body, dataFingerprint: series.fingerprint },
      }),
    );
    this.#parts.log.info(
      { symbol: series.symbol, version: version.version, origin },
      'a new model version is active',
    );
    this.#use(version);
    return version;
  }

  /** @throws Problem unknown-symbol, unknown-version */
  async activate(symbol: string, number: number): Promise<ModelVersion> {
    const series = this.get(symbol);
    if (series.version?.version === number) return series.version;
    const version = await this.#watchStore(this.#parts.versions.activate(symbol, number, this.#parts.now()));
    this.#badFits.delete(symbol);
    this.#parts.log.info({ symbol, version: number }, 'the active model version was changed');
    this.#use(version);
    return version;
  }

  /**
   * Sees to it that the active version is one with a good record. Asked again, it changes nothing: who repairs does not
   * have to know a number, and may repeat a call whose answer was lost.
   * @throws Problem unknown-symbol, no-good-version (the active version stays)
   */
  async rollBack(symbol: string): Promise<ModelVersion> {
    const { version: active, standing } = this.get(symbol);
    const isServed = standing !== undefined && standing.version.version === active?.version;
    const record = isServed ? standing.prepared.record : active?.body.record;
    if (active !== undefined && hasGoodRecord(record ?? [])) return active;
    const good = (await this.versions(symbol)).find(
      ({ version, body }) => version !== active?.version && hasGoodRecord(body.record),
    );
    if (good === undefined) {
      throw new Problem('no-good-version', `No version of ${symbol} that is kept has a good record.`, {
        activeVersion: active?.version ?? null,
      });
    }
    return this.activate(symbol, good.version);
  }

  /** Starts a backtest, or says how the running one goes on. */
  startBacktest(symbol: string, request: BacktestRequest): Promise<BacktestAnswer> {
    const { returns } = this.get(symbol);
    const settings = { symbol, family: this.#settings.family, ...request };
    if (!this.#backtests.isRunning(symbol)) {
      this.#background.run(symbol, () =>
        this.#watchStore(this.#backtests.run({ kind: 'backtest', series: returns, settings })),
      );
    }
    return this.#backtests.find(symbol);
  }

  /** @throws Problem unknown-symbol, no-backtest */
  backtest(symbol: string): Promise<BacktestAnswer> {
    this.get(symbol);
    return this.#watchStore(this.#backtests.find(symbol));
  }

  /** A fault: the newest `count` bars go out of sight until the next refresh or start. */
  async hideBars(symbol: string, count: number): Promise<void> {
    this.get(symbol);
    this.#hiddenBars.set(symbol, count);
    await this.#reload(symbol);
  }

  /** A fault: a version that is bad on purpose becomes the active one. */
  async drift(
    symbol: string,
    { factor, survivesFit }: { readonly factor: number; readonly survivesFit: boolean },
  ): Promise<ModelVersion> {
    const series = this.get(symbol);
    if (series.version === undefined) throw new Problem('no-model', `${symbol} has no fitted model.`);
    const body = await this.#drifted(series, series.version.body, factor);
    if (survivesFit) this.#badFits.set(symbol, factor);
    else this.#badFits.delete(symbol);
    return this.#addVersion(series, body, 'fault');
  }

  #drifted({ returns }: LiveSeries, body: VersionBody, factor: number): Promise<VersionBody> {
    const job = { kind: 'drift', series: returns, body, factor } as const;
    return this.#parts.quick.run<'drift'>(job, { deadlineMs: DRIFT_DEADLINE_MS });
  }

  /** Ends the fault of fits that come out bad; the version that is active stays. */
  fitWell(): void {
    this.#badFits.clear();
  }

  async showBars(): Promise<void> {
    const symbols = [...this.#hiddenBars.keys()];
    this.#hiddenBars.clear();
    for (const symbol of symbols) await this.#reload(symbol);
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
    metrics.faults.set({ kind: 'stale' }, this.#hiddenBars.size > 0 ? 1 : 0);
    metrics.faults.set({ kind: 'drift' }, isDrifted ? 1 : 0);
  }

  async #pull({ symbol, source, acceptJumps }: ConfiguredSource): Promise<Judgement> {
    const { metrics, log, now } = this.#parts;
    const about = { symbol, source: source.description };
    try {
      const rows = await source.fetch(symbol, AbortSignal.timeout(REFRESH_DEADLINE_MS));
      const judgement = await this.addBars(symbol, rows, { acceptJumps: acceptJumps ?? false });
      const conflict = conflictOf(judgement);
      if (conflict === undefined) needGoodRow(judgement);
      const outcome = conflict === undefined ? 'ok' : 'bars-conflict';
      metrics.refreshes.inc({ symbol, outcome });
      this.#sourceStatus.set(symbol, {
        atMs: now(),
        outcome,
        detail: conflict ?? cutOf(judgement) ?? null,
        isFailing: false,
      });
      if (conflict !== undefined) log.warn({ ...about, conflict }, 'a source contradicts its series');
      return judgement;
    } catch (error) {
      const { code, message } = asProblem(error);
      metrics.refreshes.inc({ symbol, outcome: code });
      log.warn({ ...about, code, err: error }, 'a refresh failed');
      this.#sourceStatus.set(symbol, { atMs: now(), outcome: code, detail: message, isFailing: true });
      throw error;
    }
  }

  /** Reads a series and its active version from the store and sees to what follows from what is new. */
  async #reload(symbol: string): Promise<void> {
    const [bars, version] = await this.#watchStore(
      Promise.all([this.#parts.bars.read(symbol), this.#parts.versions.active(symbol)]),
    );
    const hidden = this.#hiddenBars.get(symbol) ?? 0;
    const visible = hidden === 0 ? bars : bars.slice(0, Math.max(1, bars.length - hidden));
    const series = liveSeries(symbol, visible, this.#series.get(symbol));
    if (series === undefined) return;
    series.version = version;
    this.#series.set(symbol, series);
    this.#background.run(symbol, () => this.#followUp(series));
  }

  async #followUp(series: LiveSeries): Promise<void> {
    if (series.version !== undefined) await this.#standings.of(series);
    if (this.#isFitDue(series)) await this.fit(series.symbol);
  }

  #isFitDue(series: LiveSeries): boolean {
    if (this.#settings.refitAfterBars === 0 || series.returns.returns.length < RETURNS_MIN) return false;
    // Bars that a fault hides are no news, and what a fault has broken is for the repairs to mend.
    if (this.#hiddenBars.has(series.symbol)) return false;
    const { version } = series;
    if (version === undefined) return true;
    const since = series.returns.times.filter((time) => time > version.dataToMs).length;
    return since >= this.#settings.refitAfterBars;
  }

  #use(version: ModelVersion): void {
    const series = this.get(version.symbol);
    series.version = version;
    this.#background.run(version.symbol, () => this.#standings.of(series));
  }

  #needBars(series: LiveSeries): void {
    if (series.returns.returns.length >= RETURNS_MIN) return;
    throw new Problem(
      'too-few-bars',
      `${series.symbol} has ${series.barCount} bars; at least ${RETURNS_MIN + 1} are needed for a fit.`,
      { bars: series.barCount, barsNeeded: RETURNS_MIN + 1 },
    );
  }

  async #watchStore<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof Problem && (error.code === 'disk-full' || error.code === 'store-failed')) {
        this.#parts.metrics.storeErrors.inc({ code: error.code });
      }
      throw error;
    }
  }
}

function isFitOf(version: ModelVersion, series: LiveSeries, settings: FamilySettings): boolean {
  return (
    version.origin === 'fit' &&
    version.dataToMs === series.newest.time &&
    version.bars === series.barCount &&
    version.body.dataFingerprint === series.fingerprint &&
    JSON.stringify(version.body.settings) === JSON.stringify(settings)
  );
}

/** Which bars of a source disagree with the series, in a sentence. */
function conflictOf({ verdicts }: Judgement): string | undefined {
  const conflicts = verdicts.flatMap((verdict) => (verdict.verdict === 'conflict' ? [verdict] : []));
  const [first] = conflicts;
  if (first === undefined) return undefined;
  return (
    `${conflicts.length} of its bars disagree with the series, or with each other, and are left out; the first: ${first.detail} ` +
    'Replace them on purpose where the source is right.'
  );
}

/** Where the series is cut for a jump, in a sentence: no newer bars will come until that is settled. */
function cutOf({ held }: Judgement): string | undefined {
  if (held === undefined) return undefined;
  const from = new Date(held.time).toISOString();
  return `Its bars from ${from} on are refused (${held.verdict}): correct them, or accept jumps if this one was real.`;
}

/**
 * A source whose every row is refused has given nothing that one could go by; a bar that is still being made is no
 * fault of it.
 * @throws Problem source-garbage
 */
function needGoodRow({ verdicts }: Judgement): void {
  const [first] = verdicts;
  if (first === undefined || !verdicts.every((v) => isRejection(v) && v.verdict !== 'incomplete')) return;
  const detail = 'detail' in first ? first.detail : first.verdict;
  throw new Problem('source-garbage', `None of its ${verdicts.length} rows is good; the first: ${detail}`);
}
