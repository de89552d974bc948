import { Problem } from '../problems.ts';
import type { ComputeQueue } from '../worker/compute-queue.ts';
import type { Log } from './background.ts';
import { isCurrent, type LiveSeries, type Standing } from './live-series.ts';
import { shared } from './shared.ts';

const DEADLINE_MS = 20_000;
/** A request waits this long for a newer forecast before it is given the last good one. */
const FALLBACK_AFTER_MS = 2_000;

/** Sees to it that each series has a forecast standing from its newest bar and active version. */
export class Standings {
  readonly #queue: ComputeQueue;
  readonly #log: Log;
  /** A series as it is now: it may be read anew while its forecast is worked out. */
  readonly #current: (symbol: string) => LiveSeries | undefined;
  readonly #preparing = new Map<string, Promise<Standing>>();

  constructor(queue: ComputeQueue, log: Log, current: (symbol: string) => LiveSeries | undefined) {
    this.#queue = queue;
    this.#log = log;
    this.#current = current;
  }

  /**
   * The forecast that is current, or within a while the last good one.
   * @throws Problem no-model, and those of a computation, when there is no last good one
   */
  async of(series: LiveSeries): Promise<Standing> {
    if (series.standing !== undefined && isCurrent(series, series.standing)) return series.standing;
    const next = this.#prepare(series);
    const last = series.standing;
    if (last === undefined) return next;
    const { promise: waited, resolve } = Promise.withResolvers<Standing>();
    const timer = setTimeout(() => resolve(last), FALLBACK_AFTER_MS);
    try {
      return await Promise.race([next, waited]);
    } catch (error) {
      const about = { symbol: series.symbol, err: error };
      this.#log.warn(about, 'a forecast could not be renewed; the last one stands');
      return last;
    } finally {
      clearTimeout(timer);
    }
  }

  async #prepare({ symbol, version, newest, calendar, returns, fingerprint }: LiveSeries): Promise<Standing> {
    if (version === undefined) throw new Problem('no-model', `${symbol} has no fitted model.`);
    const { dataToMs, body } = version;
    const job = { kind: 'prepare', series: returns, dataToMs, body, seed: newest.time / 1000 } as const;
    try {
      return await shared(
        this.#preparing,
        `${symbol} ${version.version} ${newest.time} ${fingerprint}`,
        async () => {
          const prepared = await this.#queue.run<'prepare'>(job, { deadlineMs: DEADLINE_MS });
          const data = { dataAsOfMs: newest.time, fingerprint, lastClose: newest.close, calendar };
          const standing = { version, ...data, prepared };
          const live = this.#current(symbol);
          if (live !== undefined) {
            live.standing = standing;
            live.preparationFailed = false;
          }
          return standing;
        },
      );
    } catch (error) {
      const live = this.#current(symbol);
      if (live !== undefined) live.preparationFailed = true;
      throw error;
    }
  }
}
