import type { EdgeOptions } from '../config/edgeOptions.ts';
import type { PruneOptions, PruneReport } from '../journal/prune.ts';
import type { Clock } from '../ports.ts';

/** How often old entries are looked for, milliseconds; the size can grow by this much time beyond its limit. */
const EVERY_MS = 3_600_000;

export type RetentionOptions = {
  readonly journal: () => EdgeOptions['journal'];
  readonly prune: (path: string, options: PruneOptions, signal: AbortSignal) => Promise<PruneReport>;
  readonly clock: Clock;
  readonly pruned: (report: PruneReport) => void;
  /** It is tried again at the next round. */
  readonly failed: (error: unknown) => void;
  readonly signal: AbortSignal;
};

/** Deletes what the configuration no longer wants kept: once at the start, and hourly, until the signal aborts. */
export async function keepRetention(options: RetentionOptions): Promise<void> {
  const { journal, prune, clock, pruned, failed, signal } = options;
  while (!signal.aborted) {
    const { path, retention } = journal();
    const { ageMs: olderThanMs, sizeBytes: maxBytes } = retention;
    try {
      pruned(await prune(path, { olderThanMs, maxBytes, now: clock.now() }, signal));
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
    await clock.sleep(EVERY_MS, signal).catch(() => undefined); // Aborted: the loop ends.
  }
}
