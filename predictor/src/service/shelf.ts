import type { Metrics } from '../metrics.ts';
import type { BarStore } from '../store/bar-store.ts';
import type { VersionStore } from '../store/version-store.ts';
import { type LiveSeries, liveSeries } from './live-series.ts';
import { watchStore } from './store-errors.ts';

interface ShelfParts {
  readonly bars: BarStore;
  readonly versions: VersionStore;
  readonly metrics: Metrics;
  /** Sees to what follows from what is new in a series. */
  readonly onRead: (series: LiveSeries) => void;
}

/** The series as they are served: what was last read of each from the store. */
export class Shelf {
  readonly #parts: ShelfParts;
  readonly #series = new Map<string, LiveSeries>();
  /** A fault: the newest bars that are left out of sight, by symbol, until the series is refreshed. */
  readonly #hiddenBars = new Map<string, number>();

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#series.size;
  }

  list(): LiveSeries[] {
    return [...this.#series.values()];
  }

  find(symbol: string): LiveSeries | undefined {
    return this.#series.get(symbol);
  }

  /** Reads every series that the store has. */
  async readAll(): Promise<void> {
    for (const { symbol } of await this.#parts.bars.list()) await this.read(symbol);
  }

  /** Reads a series and its active version from the store. */
  async read(symbol: string): Promise<void> {
    const { bars: barStore, versions, metrics, onRead } = this.#parts;
    const reading = Promise.all([barStore.read(symbol), versions.active(symbol)]);
    const [bars, version] = await watchStore(metrics, reading);
    const hidden = this.#hiddenBars.get(symbol) ?? 0;
    const visible = hidden === 0 ? bars : bars.slice(0, Math.max(1, bars.length - hidden));
    const series = liveSeries(symbol, visible, this.#series.get(symbol));
    if (series === undefined) return;
    series.version = version;
    this.#series.set(symbol, series);
    onRead(series);
  }

  /** A fault: the newest `count` bars go out of sight until `show`. */
  async hide(symbol: string, count: number): Promise<void> {
    this.#hiddenBars.set(symbol, count);
    await this.read(symbol);
  }

  /** Ends the fault for one series, if it has it. */
  async show(symbol: string): Promise<void> {
    if (this.#hiddenBars.delete(symbol)) await this.read(symbol);
  }

  /** Ends the fault for all. */
  async showAll(): Promise<void> {
    const symbols = [...this.#hiddenBars.keys()];
    this.#hiddenBars.clear();
    for (const symbol of symbols) await this.read(symbol);
  }

  /** Whether the fault holds for a series; without one, for any. */
  isHiding(symbol?: string): boolean {
    return symbol === undefined ? this.#hiddenBars.size > 0 : this.#hiddenBars.has(symbol);
  }
}
