import type { ConfiguredSource } from '../sources/config.ts';
import type { Background } from './background.ts';
import type { Shelf } from './shelf.ts';

interface ReadinessParts {
  readonly shelf: Shelf;
  readonly background: Background;
  readonly sources: readonly ConfiguredSource[];
}

/** Whether requests can be answered after a start, or what they would have to wait for. */
export class Readiness {
  readonly #parts: ReadinessParts;
  #isLoaded = false;
  #wasReady = false;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** Every series was read from the store. */
  loaded(): void {
    this.#isLoaded = true;
  }

  /**
   * In words, one for each; empty: ready. Series wait whose first forecast is being worked out. Once ready it stays so: a
   * series that is added later makes the others wait for nothing. One whose source fails does not hold up the others
   * either; where no source gave anything there is nothing to be ready with.
   */
  waitingFor(): string[] {
    const { shelf, background } = this.#parts;
    if (!this.#isLoaded) return ['the database'];
    const sourced = this.#parts.sources.map(({ symbol }) => symbol);
    if (shelf.size === 0 && sourced.length > 0) return sourced.map((symbol) => `the first bars of ${symbol}`);
    const symbols = new Set([...shelf.list().map(({ symbol }) => symbol), ...sourced]);
    const waiting = [...symbols].filter(
      (symbol) => shelf.find(symbol)?.standing === undefined && background.isBusyWith(symbol),
    );
    this.#wasReady ||= waiting.length === 0;
    return this.#wasReady ? [] : waiting.map((symbol) => `the first forecast of ${symbol}`);
  }
}
