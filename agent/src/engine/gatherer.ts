import { isDeepStrictEqual } from 'node:util';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Effect } from '../core/effects.ts';
import type { EvidenceItem, EvidencePiece } from '../core/entry.ts';
import type { Incident } from '../core/incident.ts';
import type { Instance, RuntimeName, Target } from '../core/target.ts';
import type { Clock, Diagnoser, Journal, LogOptions, LogSource, MetricsSource, Runtime } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import { Basket, cleanText } from './evidence/basket.ts';
import { changesSince } from './evidence/changes.ts';
import { failureTime } from './evidence/failureTime.ts';
import { type History, readHistory } from './evidence/history.ts';
import { pastLines } from './evidence/pastLines.ts';
import { Places } from './evidence/places.ts';
import type { WellState } from './evidence/wellStates.ts';
import type { Report, Scene } from './executor.ts';
import { soundDiagnosis } from './sound.ts';

/** Instances of one target about which evidence is kept. */
const EVIDENCE_INSTANCES_MAX = 5;
/** The first step waits no longer for them than this, milliseconds. A step of its own (`check_logs`) has more time. */
const KEPT_LOGS_MS = 1_000;
/** What is asked of the source of kept logs when no instance could show its own. */
const KEPT_LOGS: LogOptions = { lines: 500, since: null, maxBytes: 64 * 1024 };
/** How far back the runtime is asked what happened, milliseconds. */
const EVENTS_MS = 3_600_000;
/** Incidents whose background is looked up at once; in a storm, the first steps of the others come first. */
const BACKGROUND_MAX = 8;

export type GathererParts = {
  readonly clock: Clock;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly keptLogs: LogSource | null;
  readonly metrics: MetricsSource | null;
  readonly journal: Pick<Journal, 'incidents' | 'entriesOf'>;
  readonly diagnoser: Diagnoser | null;
  /** Takes secrets out of text from outside, before anything is kept. */
  readonly redact: (text: string) => string;
  /** As what a target was seen well by this agent, oldest first. */
  readonly wellStates: (target: string) => readonly WellState[];
};

/** What one gathering has come to so far. */
type Gathering = {
  readonly target: Target;
  readonly incident: Incident;
  readonly basket: Basket;
  /** What could not be had, in words, since it was last reported. */
  readonly missing: string[];
  readonly instances: Promise<readonly Instance[]>;
  readonly signal: AbortSignal;
};

/** Collects what is known about a target before anything is done to it, and has the rules say what it means. */
export class Gatherer {
  readonly #parts: GathererParts;
  readonly #background = new Places(BACKGROUND_MAX);

  constructor(parts: GathererParts) {
    this.#parts = parts;
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
      signal: deadline.signal,
    };
    const kept: EvidenceItem[] = [];
    let diagnosis: Diagnosis | null = null;
    let past: readonly string[] = [];
    let isPastSeen = false;
    /** What has come since the last report. */
    const tell = async (late: boolean) => {
      const { evidence } = now().incident;
      const items = gathering.basket.take(Math.max(evidence, incident.evidence + kept.length) + 1);
      kept.push(...items);
      const isOpen = items.length > 0 || (past.length > 0 && !isPastSeen);
      const fresh = isOpen ? this.#diagnose(gathering, kept, past) : null;
      isPastSeen = past.length > 0;
      const isNews = fresh !== null && !isDeepStrictEqual(fresh, diagnosis);
      diagnosis = fresh ?? diagnosis;
      const overflow = gathering.basket.overflow();
      const missing = [...gathering.missing.splice(0), ...(overflow === null ? [] : [overflow])];
      if (late && items.length === 0 && missing.length === 0 && !isNews) return;
      const said = missing.map((what) => cleanText(what, redact));
      const news = isNews ? { diagnosis: fresh } : {};
      await report({ key: effect.key, kind: 'gathered', late, items, missing: said, ...news });
    };

    const { promise: quick, resolve: quickDone } = Promise.withResolvers<void>();
    const evidence = this.#collect(gathering, runtime, quickDone);
    await Promise.race([quick, evidence, bounded(evidence, deadline.signal)]).catch((error: unknown) =>
      gathering.missing.push(wordsOf(error)),
    );
    if (signal.aborted) return;
    await tell(false);
    const rest = bounded(evidence, deadline.signal)
      .catch(() => undefined) // What is missing was said, or comes no more.
      .then(release);
    past = await this.#lookBehind(gathering, runtime);
    if (!signal.aborted) await tell(true);
    await rest;
    if (!signal.aborted) await tell(true);
  }

  /** The first of them; a rejection is heard where they are waited for. */
  #instances(runtime: Runtime, target: Target, signal: AbortSignal): Promise<readonly Instance[]> {
    const asked = runtime
      .instances(target, signal)
      .then((instances) => instances.slice(0, EVIDENCE_INSTANCES_MAX));
    asked.catch(() => undefined);
    return asked;
  }

  async #collect(gathering: Gathering, runtime: Runtime, quickDone: () => void): Promise<void> {
    const { basket, missing, target, incident, signal } = gathering;
    let hasLogs = false;
    try {
      const instances = await gathering.instances;
      this.#compare(gathering, this.#parts.wellStates(target.name), instances);
      const quickKinds = new Set(instances.flatMap(({ name }) => [`${name} inspect`, `${name} logs`]));
      const found = (piece: EvidencePiece) => {
        basket.add(piece);
        hasLogs ||= piece.kind === 'logs';
        quickKinds.delete(`${piece.instance} ${piece.kind}`);
        if (quickKinds.size === 0) quickDone();
      };
      const parts = await Promise.all(
        instances.map((instance) =>
          runtime.evidence(instance, found, signal, failureTime(instance, incident.openedAt)),
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

  #compare(
    { basket, incident }: Gathering,
    states: readonly WellState[],
    instances: readonly Instance[],
  ): void {
    const piece = changesSince(states, instances, incident.openedAt);
    if (piece !== null) basket.add(piece);
  }

  /** What lies behind the failure, all at once, each within the deadline. Answers with the past of the logs. */
  async #lookBehind(gathering: Gathering, runtime: Runtime): Promise<readonly string[]> {
    const { basket, missing, target, incident, signal } = gathering;
    const { metrics, journal, wellStates } = this.#parts;
    const piece = async (what: string, work: () => Promise<EvidencePiece | null>) => {
      try {
        const found = await bounded(work(), signal);
        if (found !== null && found.text !== '') basket.add(found);
      } catch (error) {
        missing.push(`${what}: ${wordsOf(error)}`);
      }
    };
    try {
      using _place = await this.#background.take(signal);
      const instances = await gathering.instances.catch(() => []); // Why there are none was said with the evidence.
      const [past] = await Promise.all([
        this.#past(gathering, runtime, instances),
        piece('history', async () => {
          const history: History = await readHistory(journal, incident);
          const isKnown = wellStates(target.name).length > 0;
          if (!isKnown && history.wellState !== null)
            this.#compare(gathering, [history.wellState], instances);
          return history.piece;
        }),
        ...instances.map((instance) =>
          piece(`events of ${instance.name}`, () => this.#events(runtime, instance, signal)),
        ),
        ...(metrics === null
          ? []
          : [
              piece(`metrics in ${metrics.name}`, async () => ({
                kind: 'metrics',
                instance: '',
                ...(await metrics.related(target, [...incident.alerts.values()], signal)),
              })),
            ]),
      ]);
      return past;
    } catch {
      missing.push('events, metrics and history: too much else was looked up');
      return [];
    }
  }

  async #events(runtime: Runtime, instance: Instance, signal: AbortSignal): Promise<EvidencePiece | null> {
    const toMs = this.#parts.clock.now();
    const found = await runtime.events?.(instance, { fromMs: toMs - EVENTS_MS, toMs }, signal);
    return found === undefined ? null : { kind: 'events', instance: instance.name, ...found };
  }

  async #past(
    { target, incident, signal }: Gathering,
    runtime: Runtime,
    instances: readonly Instance[],
  ): Promise<readonly string[]> {
    if (this.#parts.diagnoser === null) return [];
    const { keptLogs, redact } = this.#parts;
    const ends = instances.map((instance) => {
      const failedAt = failureTime(instance, incident.openedAt);
      return Number.isFinite(failedAt) ? failedAt : (instance.finishedAt ?? incident.openedAt);
    });
    const failedAt = Math.min(incident.openedAt, ...ends);
    try {
      const lines = await bounded(
        pastLines({ runtime, keptLogs }, target, instances, failedAt, signal),
        signal,
      );
      return lines.length === 0 ? [] : cleanText(lines.join('\n'), redact).split('\n');
    } catch {
      return []; // Out of time: nothing is called unusual then.
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
