import type { Effect } from '../core/effects.ts';
import type { EvidenceItem, EvidencePiece } from '../core/entry.ts';
import type { RuntimeName, Target } from '../core/target.ts';
import type { Clock, LogOptions, LogSource, Runtime } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import { failureTime } from './evidence/failureTime.ts';
import type { Report, Scene } from './executor.ts';

/** Instances of one target about which evidence is kept. */
const EVIDENCE_INSTANCES_MAX = 5;
/** The first step waits no longer for them than this, milliseconds. A step of its own (`check_logs`) has more time. */
const KEPT_LOGS_MS = 1_000;
/** What is asked of the source of kept logs when no instance could show its own. */
const KEPT_LOGS: LogOptions = { lines: 500, since: null, maxBytes: 64 * 1024 };

/** Collects what is known about a target before anything is done to it. */
export class Gatherer {
  readonly #clock: Clock;
  readonly #runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly #keptLogs: LogSource | null;

  constructor(parts: {
    readonly clock: Clock;
    readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
    readonly keptLogs: LogSource | null;
  }) {
    this.#clock = parts.clock;
    this.#runtimes = parts.runtimes;
    this.#keptLogs = parts.keptLogs;
  }

  /**
   * Evidence before action, but it holds up nothing: the first step begins when everything quick is there, and
   * stats, which take the engine a second or more, are kept when they come.
   */
  async gather(
    effect: Effect & { kind: 'gather' },
    { target, incident }: Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const items: EvidenceItem[] = [];
    const found = (piece: EvidencePiece) =>
      void items.push({ id: `E${incident.evidence + items.length + 1}`, ...piece });
    const missing: string[] = [];
    const { promise: quick, resolve: quickDone } = Promise.withResolvers<void>();
    using deadline = deadlineIn(this.#clock, effect.by - this.#clock.now(), signal);
    const all = this.#collect(target, incident.openedAt, deadline.signal, found, missing, quickDone);
    await Promise.race([quick, all, bounded(all, deadline.signal)]).catch((error: unknown) =>
      missing.push(wordsOf(error)),
    );
    if (signal.aborted) return;
    const early = items.length;
    await report({
      key: effect.key,
      kind: 'gathered',
      late: false,
      items: items.slice(0, early),
      missing: [...missing],
    });
    await bounded(all, deadline.signal).catch(() => undefined); // What is missing was said, or comes no more.
    if (items.length > early)
      await report({ key: effect.key, kind: 'gathered', late: true, items: items.slice(early), missing: [] });
  }

  async #collect(
    target: Target | null,
    openedAt: number,
    signal: AbortSignal,
    found: (piece: EvidencePiece) => void,
    missing: string[],
    quickDone: () => void,
  ): Promise<void> {
    const runtime = target === null ? undefined : this.#runtimes.get(target.runtime);
    if (target === null || runtime === undefined) {
      missing.push('everything: the target is no longer known');
      return;
    }
    let hasLogs = false;
    try {
      const instances = (await runtime.instances(target, signal)).slice(0, EVIDENCE_INSTANCES_MAX);
      const quickKinds = new Set(instances.flatMap(({ name }) => [`${name} inspect`, `${name} logs`]));
      const foundOne = (piece: EvidencePiece) => {
        found(piece);
        hasLogs ||= piece.kind === 'logs';
        quickKinds.delete(`${piece.instance} ${piece.kind}`);
        if (quickKinds.size === 0) quickDone();
      };
      const parts = await Promise.all(
        instances.map((instance) =>
          runtime.evidence(instance, foundOne, signal, failureTime(instance, openedAt)),
        ),
      );
      missing.push(...parts.flatMap((part) => part.missing));
    } catch (error) {
      missing.push(wordsOf(error));
    }
    if (this.#keptLogs === null || hasLogs) return;
    await this.#collectKept(this.#keptLogs, target, signal, found, missing);
  }

  async #collectKept(
    source: LogSource,
    target: Target,
    signal: AbortSignal,
    found: (piece: EvidencePiece) => void,
    missing: string[],
  ): Promise<void> {
    using deadline = deadlineIn(this.#clock, KEPT_LOGS_MS, signal);
    try {
      const asked = source.logs(target, KEPT_LOGS, deadline.signal);
      const { text, truncated, remarks } = await bounded(asked, deadline.signal);
      found({ kind: 'logs', instance: '', text, truncated: truncated || remarks.length > 0 });
      missing.push(...remarks.map((remark) => `some logs in ${source.name}: ${remark}`));
    } catch (error) {
      missing.push(`logs: ${wordsOf(error)}`);
    }
  }
}
