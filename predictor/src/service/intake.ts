import type { Metrics } from '../metrics.ts';
import type { RawBar } from '../series/bar.ts';
import type { Judgement } from '../series/judge.ts';
import { isRejection } from '../series/verdict.ts';
import type { ConfiguredSource } from '../sources/config.ts';
import type { AddOptions, BarStore } from '../store/bar-store.ts';
import type { Log } from './background.ts';
import type { LiveSeries } from './live-series.ts';
import { shared } from './shared.ts';
import type { Shelf } from './shelf.ts';
import { SourceDesk } from './source-desk.ts';
import type { SourceStatus } from './source-status.ts';
import { watchStore } from './store-errors.ts';

interface IntakeParts {
  readonly bars: BarStore;
  readonly shelf: Shelf;
  readonly sources: readonly ConfiguredSource[];
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  /** @throws Problem unknown-symbol, too-few-bars */
  readonly get: (symbol: string) => LiveSeries;
}

export interface RefreshAnswer {
  readonly source: string | undefined;
  readonly judgement: Judgement | undefined;
  readonly status: SourceStatus | undefined;
  readonly series: LiveSeries;
}

/** How bars get into a series: those that somebody sends, and those that its source is asked for. */
export class Intake {
  readonly sources: SourceDesk;
  readonly #parts: IntakeParts;
  readonly #refreshing = new Map<string, Promise<RefreshAnswer>>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.sources = new SourceDesk({
      ...parts,
      take: (symbol, rows, options) => this.add(symbol, rows, options),
    });
  }

  /** See `Predictor.addBars`. */
  async add(symbol: string, rows: readonly RawBar[], options: Omit<AddOptions, 'nowMs'>): Promise<Judgement> {
    const { bars, metrics, now, shelf } = this.#parts;
    const judgement = await watchStore(metrics, bars.add(symbol, rows, { ...options, nowMs: now() }));
    for (const verdict of judgement.verdicts) {
      if (isRejection(verdict)) metrics.rejectedBars.inc({ symbol, verdict: verdict.verdict });
    }
    if (judgement.fresh.length + judgement.replaced.length > 0) await shelf.read(symbol);
    return judgement;
  }

  /** See `Predictor.refresh`. */
  refresh(symbol: string): Promise<RefreshAnswer> {
    return shared(this.#refreshing, symbol, () => this.#refresh(symbol));
  }

  async #refresh(symbol: string): Promise<RefreshAnswer> {
    const { shelf, get } = this.#parts;
    const configured = this.sources.of(symbol);
    if (configured === undefined) get(symbol);
    // Before the source is asked: it may fail, and the fault is mended all the same.
    await shelf.show(symbol);
    const judgement = configured === undefined ? undefined : await this.sources.pull(configured);
    // Fresh bars have had the series read anew already.
    if ((judgement?.fresh.length ?? 0) === 0) await shelf.read(symbol);
    const status = configured === undefined ? undefined : this.sources.status(symbol);
    return { source: configured?.source.description, judgement, status, series: get(symbol) };
  }
}
