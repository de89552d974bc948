import { isDeepStrictEqual } from 'node:util';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Effect } from '../core/effects.ts';
import type { EvidenceItem, EvidencePiece } from '../core/evidence.ts';
import type { Instance, Target } from '../core/target.ts';
import type { LogOptions, LogSource, Runtime } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import { Background, compare } from './evidence/background.ts';
import { Basket, cleanText } from './evidence/basket.ts';
import { failureTime } from './evidence/failureTime.ts';
import { EVIDENCE_INSTANCES_MAX, type GathererParts, type Gathering } from './evidence/gathering.ts';
import type { Report, Scene } from './scene.ts';
import { soundDiagnosis } from './sound.ts';

/** The first step waits no longer for them than this, milliseconds. A step of its own (`check_logs`) has more time. */
const KEPT_LOGS_MS = 1_000;
/** What is asked of the source of kept logs when no instance could show its own. */
const KEPT_LOGS: LogOptions = { lines: 500, since: null, maxBytes: 64 * 1024 };

/** Collects what is known about a target before anything is done to it, and has the rules say what it means. */
export class Gatherer {
  readonly #parts: GathererParts;
  readonly #background: Background;

  constructor(parts: GathererParts) {
    this.#parts = parts;
    this.#background = new Background(parts);
  }

  /**
   * Evidence before action, but it holds up nothing: the first step begins when what is quick is there, the state and
   * the logs of the instances, and has been diagnosed. Stats, which take the engine a second or more, and the
   * background (events, metrics, history, the past of the logs) are kept when they come, until the deadline.
   *
   * @param release Called when nothing more is under way that a storm would have to wait for.
   */
  async gather(
    effect: Effect & { kind: 'gather' },
    now: () => Scene,
    report: Report,
    signal: AbortSignal,
    release: () => void,
  ): Promise<void> {
    const { target, incident } = now();
    const { clock, runtimes, redact } = this.#parts;
    const runtime = target === null ? undefined : runtimes.get(target.runtime);
    if (target === null || runtime === undefined) {
      const missing = ['everything: the target is no longer known'];
      return report({ key: effect.key, kind: 'gathered', late: false, items: [], missing });
    }
    using deadline = deadlineIn(clock, effect.by - clock.now(), signal);
    const gathering: Gathering = {
      target,
      incident,
      basket: new Basket(redact),
      missing: [],
      instances: this.#instances(runtime, target, deadline.signal),
      wellStates: this.#parts.wellStates(target.name),
      past: [],
      signal: deadline.signal,
    };
    const tell = this.#teller(gathering, effect.key, now, report);
    const { promise: quick, resolve: quickDone } = Promise.withResolvers<void>();
    const evidence = this.#collect(gathering, runtime, quickDone);
    const background = this.#background.look(gathering, runtime);
    await Promise.race([quick, evidence, bounded(evidence, deadline.signal)]).catch((error: unknown) =>
      gathering.missing.push(wordsOf(error)),
    );
    if (signal.aborted) return;
    await tell(false);
    const late = async () => {
      if (!signal.aborted) await tell(true);
    };
    const rest = bounded(evidence, deadline.signal).catch(() => undefined); // What is missing was said, or comes no more.
    await Promise.all([rest.then(release).then(late), background.then(late)]);
  }

  /** Reports what has come since the last report, with what the rules make of all of it where that is new. */
  #teller(
    gathering: Gathering,
    key: string,
    now: () => Scene,
    report: Report,
  ): (late: boolean) => Promise<void> {
    const kept: EvidenceItem[] = [];
    const first = gathering.incident.evidence + 1;
    let diagnosis: Diagnosis | null = null;
    let seenPast: readonly string[] = [];
    return async (late) => {
      const { basket, past } = gathering;
      // An analyst's questions may have added to the evidence meanwhile.
      const items = basket.take(Math.max(now().incident.evidence + 1, first + kept.length));
      kept.push(...items);
      const isStale = items.length > 0 || past !== seenPast;
      seenPast = past;
      const fresh = isStale ? this.#diagnose(gathering, kept, past) : null;
      const isNews = fresh !== null && !isDeepStrictEqual(fresh, diagnosis);
      diagnosis = fresh ?? diagnosis;
      const overflow = basket.overflow();
      const missing = [...gathering.missing.splice(0), ...(overflow === null ? [] : [overflow])];
      if (late && items.length === 0 && missing.length === 0 && !isNews) return;
      const said = missing.map((what) => cleanText(what, this.#parts.redact));
      const news = isNews ? { diagnosis: fresh } : {};
      await report({ key, kind: 'gathered', late, items, missing: said, ...news });
    };
  }

  /** A rejection is heard where they are waited for. */
  #instances(runtime: Runtime, target: Target, signal: AbortSignal): Promise<readonly Instance[]> {
    const asked = runtime.instances(target, signal);
    asked.catch(() => undefined);
    return asked;
  }

  async #collect(gathering: Gathering, runtime: Runtime, quickDone: () => void): Promise<void> {
    const { basket, missing, incident, wellStates, signal } = gathering;
    let hasLogs = false;
    try {
      const all = await gathering.instances;
      compare(gathering, wellStates, all);
      const instances = all.slice(0, EVIDENCE_INSTANCES_MAX);
      const quickKinds = new Set(instances.flatMap(({ name }) => [`${name} inspect`, `${name} logs`]));
      const found = (piece: EvidencePiece) => {
        basket.add(piece);
        hasLogs ||= piece.kind === 'logs';
        quickKinds.delete(`${piece.instance} ${piece.kind}`);
        if (quickKinds.size === 0) quickDone();
      };
      const parts = await Promise.all(
        instances.map((instance) =>
          runtime.evidence(instance, found, signal, failureTime(instance, incident.openedAt, wellStates)),
        ),
      );
      missing.push(...parts.flatMap((part) => part.missing));
    } catch (error) {
      missing.push(wordsOf(error));
    }
    if (this.#parts.keptLogs === null || hasLogs) return;
    await this.#collectKept(gathering, this.#parts.keptLogs);
  }

  async #collectKept({ basket, missing, target, signal }: Gathering, source: LogSource): Promise<void> {
    using deadline = deadlineIn(this.#parts.clock, KEPT_LOGS_MS, signal);
    try {
      const asked = source.logs(target, KEPT_LOGS, deadline.signal);
      const { text, truncated, remarks } = await bounded(asked, deadline.signal);
      basket.add({ kind: 'logs', instance: '', text, truncated: truncated || remarks.length > 0 });
      missing.push(...remarks.map((remark) => `some logs in ${source.name}: ${remark}`));
    } catch (error) {
      missing.push(`logs: ${wordsOf(error)}`);
    }
  }

  /** A diagnosis is a help and never a hindrance: what is wrong with it is told with the evidence. */
  #diagnose(
    { target, missing }: Gathering,
    items: readonly EvidenceItem[],
    past: readonly string[],
  ): Diagnosis | null {
    try {
      const said = this.#parts.diagnoser?.diagnose(target.name, items, past);
      return said === undefined ? null : soundDiagnosis(said);
    } catch (error) {
      missing.push(`diagnosis: ${wordsOf(error)}`);
      return null;
    }
  }
}
