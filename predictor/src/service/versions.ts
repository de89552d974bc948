import type { Metrics } from '../metrics.ts';
import type { FamilySettings } from '../models/settings.ts';
import { Problem } from '../problems.ts';
import type { VersionStore } from '../store/version-store.ts';
import type { ComputeQueue } from '../worker/compute-queue.ts';
import type { Log } from './background.ts';
import type { LiveSeries } from './live-series.ts';
import { needBars } from './need-bars.ts';
import { hasGoodRecord } from './scores.ts';
import { shared } from './shared.ts';
import { watchStore } from './store-errors.ts';
import type { ModelVersion, VersionBody, VersionOrigin } from './version.ts';

const FIT_DEADLINE_MS = 60_000;
const DRIFT_DEADLINE_MS = 20_000;

export interface FitAnswer {
  readonly version: ModelVersion;
  /** False: there was a version of just these bars and settings; it is the active one now. */
  readonly created: boolean;
}

interface VersionsParts {
  readonly store: VersionStore;
  readonly queue: ComputeQueue;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  /** Of a fit for which nothing else is asked. */
  readonly family: FamilySettings;
  /** @throws Problem unknown-symbol, too-few-bars */
  readonly get: (symbol: string) => LiveSeries;
  /** Has a version that became the active one be served. */
  readonly use: (version: ModelVersion) => void;
}

/** The fitted models of the series: new ones, which one is active, and the way back to a good one. */
export class Versions {
  readonly #parts: VersionsParts;
  readonly #fitting = new Map<string, Promise<FitAnswer>>();
  /** By which factor a fit of a symbol comes out bad (fault `drift` that survives it). */
  readonly #badFits = new Map<string, number>();

  constructor(parts: VersionsParts) {
    this.#parts = parts;
  }

  /** Newest first. @throws Problem unknown-symbol, too-few-bars */
  list(symbol: string): Promise<ModelVersion[]> {
    const { store, metrics, get } = this.#parts;
    get(symbol);
    return watchStore(metrics, store.list(symbol));
  }

  /** See `Predictor.fit`. */
  fit(symbol: string, changes: Partial<FamilySettings>): Promise<FitAnswer> {
    const settings = { ...this.#parts.family, ...changes };
    // Who asks for other settings must not be given the version of these.
    return shared(this.#fitting, `${symbol} ${JSON.stringify(settings)}`, () => this.#fit(symbol, settings));
  }

  async #fit(symbol: string, settings: FamilySettings): Promise<FitAnswer> {
    const { metrics, get } = this.#parts;
    const series = get(symbol);
    needBars(series);
    const badBy = this.#badFits.get(symbol);
    const versions = badBy === undefined ? await this.list(symbol) : [];
    const same = versions.find((version) => isFitOf(version, series, settings));
    if (same !== undefined) {
      metrics.fits.inc({ symbol, outcome: 'reused' });
      return { version: await this.activate(symbol, same.version), created: false };
    }
    const body = await this.#newBody(series, settings);
    const version =
      badBy === undefined
        ? await this.#add(series, body, 'fit')
        : await this.#add(series, await this.#drifted(series, body, badBy), 'fault');
    metrics.fits.inc({ symbol, outcome: 'fitted' });
    return { version, created: true };
  }

  async #newBody(series: LiveSeries, settings: FamilySettings): Promise<VersionBody> {
    const { queue, metrics } = this.#parts;
    const { symbol, returns } = series;
    const outcome = await queue
      .run<'fit'>({ kind: 'fit', series: returns, settings }, { deadlineMs: FIT_DEADLINE_MS })
      .catch((error: unknown) => {
        metrics.fits.inc({ symbol, outcome: 'failed' });
        throw error;
      });
    if (outcome.fitted) return outcome.body;
    metrics.fits.inc({ symbol, outcome: 'failed' });
    throw new Problem('fit-failed', `${outcome.model}: ${outcome.reason}.`, {
      model: outcome.model,
      activeVersion: series.version?.version ?? null,
    });
  }

  /** @throws Problem unknown-symbol, unknown-version */
  async activate(symbol: string, number: number): Promise<ModelVersion> {
    const { store, metrics, log, now, get, use } = this.#parts;
    const series = get(symbol);
    if (series.version?.version === number) return series.version;
    const version = await watchStore(metrics, store.activate(symbol, number, now()));
    this.#badFits.delete(symbol);
    log.info({ symbol, version: number }, 'the active model version was changed');
    use(version);
    return version;
  }

  /** See `Predictor.rollBack`. */
  async rollBack(symbol: string): Promise<ModelVersion> {
    const { version: active, standing } = this.#parts.get(symbol);
    const isServed = standing !== undefined && standing.version.version === active?.version;
    const record = isServed ? standing.prepared.record : active?.body.record;
    if (active !== undefined && hasGoodRecord(record ?? [])) return active;
    const good = (await this.list(symbol)).find(
      ({ version, body }) => version !== active?.version && hasGoodRecord(body.record),
    );
    if (good === undefined) {
      throw new Problem('no-good-version', `No version of ${symbol} that is kept has a good record.`, {
        activeVersion: active?.version ?? null,
      });
    }
    return this.activate(symbol, good.version);
  }

  /** A fault: a version that is bad on purpose becomes the active one. @throws Problem no-model */
  async drift(
    symbol: string,
    { factor, survivesFit }: { readonly factor: number; readonly survivesFit: boolean },
  ): Promise<ModelVersion> {
    const series = this.#parts.get(symbol);
    if (series.version === undefined) throw new Problem('no-model', `${symbol} has no fitted model.`);
    const body = await this.#drifted(series, series.version.body, factor);
    if (survivesFit) this.#badFits.set(symbol, factor);
    else this.#badFits.delete(symbol);
    return this.#add(series, body, 'fault');
  }

  /** Ends the fault of fits that come out bad; the version that is active stays. */
  fitWell(): void {
    this.#badFits.clear();
  }

  #drifted({ returns }: LiveSeries, body: VersionBody, factor: number): Promise<VersionBody> {
    const job = { kind: 'drift', series: returns, body, factor } as const;
    return this.#parts.queue.run<'drift'>(job, { deadlineMs: DRIFT_DEADLINE_MS });
  }

  /** Stores a version and makes it the active one. */
  async #add(series: LiveSeries, body: VersionBody, origin: VersionOrigin): Promise<ModelVersion> {
    const { store, metrics, log, now, use } = this.#parts;
    const adding = store.addActive({
      symbol: series.symbol,
      createdMs: now(),
      origin,
      dataFromMs: series.firstMs,
      dataToMs: series.newest.time,
      bars: series.barCount,
      body: { ...body, dataFingerprint: series.fingerprint },
    });
    const version = await watchStore(metrics, adding);
    log.info({ symbol: series.symbol, version: version.version, origin }, 'a new model version is active');
    use(version);
    return version;
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
