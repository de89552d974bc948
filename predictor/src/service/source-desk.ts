import type { Metrics } from '../metrics.ts';
import { asProblem, Problem } from '../problems.ts';
import type { RawBar } from '../series/bar.ts';
import type { Judgement } from '../series/judge.ts';
import { isRejection } from '../series/verdict.ts';
import type { ConfiguredSource } from '../sources/config.ts';
import type { Log } from './background.ts';
import type { SourceStatus } from './source-status.ts';

const REFRESH_DEADLINE_MS = 120_000;

interface SourceDeskParts {
  readonly sources: readonly ConfiguredSource[];
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  /** Takes bars into a series. */
  readonly take: (
    symbol: string,
    rows: readonly RawBar[],
    options: { readonly acceptJumps: boolean },
  ) => Promise<Judgement>;
}

/** Reads the configured sources, and knows what came of each last. */
export class SourceDesk {
  readonly #parts: SourceDeskParts;
  /** Apart from the series: a source may fail before there is one. */
  readonly #status = new Map<string, SourceStatus>();

  constructor(parts: SourceDeskParts) {
    this.#parts = parts;
  }

  of(symbol: string): ConfiguredSource | undefined {
    return this.#parts.sources.find((source) => source.symbol === symbol);
  }

  /** What the last pull came to; undefined before the first. */
  status(symbol: string): SourceStatus | undefined {
    return this.#status.get(symbol);
  }

  /** In a sentence, of a series whose source gave none. */
  whyWithoutBars(symbol: string): string {
    const status = this.status(symbol);
    return status === undefined ? 'Its source was not read yet.' : (status.detail ?? 'Its source gave none.');
  }

  /**
   * Reads a source and has its bars taken.
   * @throws Problem source-garbage, and those of the source and of taking bars
   */
  async pull({ symbol, source, acceptJumps }: ConfiguredSource): Promise<Judgement> {
    const { metrics, log, now, take } = this.#parts;
    const about = { symbol, source: source.description };
    try {
      const rows = await source.fetch(symbol, AbortSignal.timeout(REFRESH_DEADLINE_MS));
      const judgement = await take(symbol, rows, { acceptJumps: acceptJumps ?? false });
      const conflict = conflictOf(judgement);
      if (conflict === undefined) needGoodRow(judgement);
      const outcome = conflict === undefined ? 'ok' : 'bars-conflict';
      metrics.refreshes.inc({ symbol, outcome });
      this.#status.set(symbol, {
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
      this.#status.set(symbol, { atMs: now(), outcome: code, detail: message, isFailing: true });
      throw error;
    }
  }
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
