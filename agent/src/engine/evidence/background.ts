import type { EvidencePiece } from '../../core/evidence.ts';
import type { Instance } from '../../core/target.ts';
import type { Runtime } from '../../ports.ts';
import { bounded, wordsOf } from '../deadline.ts';
import { cleanText } from './basket.ts';
import { changesSince } from './changes.ts';
import { failureTime } from './failureTime.ts';
import { EVIDENCE_INSTANCES_MAX, type GathererParts, type Gathering } from './gathering.ts';
import { readHistory } from './history.ts';
import { pastLines } from './pastLines.ts';
import { Places } from './places.ts';
import type { WellState } from './wellStates.ts';

/** How far back the runtime is asked what happened, milliseconds. */
const EVENTS_MS = 3_600_000;
/** Incidents whose background is looked up at once; in a storm, the first steps of the others come first. */
const BACKGROUND_MAX = 8;
/** By then the first step has mostly begun, and the background takes nothing from what is on the way to it, milliseconds. */
const BACKGROUND_AFTER_MS = 50;

type Piece = (what: string, work: () => Promise<EvidencePiece | null>) => Promise<void>;

/** Looks up what lies behind a failure: events, metrics, earlier incidents, the past of the logs. Nobody waits for it. */
export class Background {
  readonly #parts: GathererParts;
  readonly #places = new Places(BACKGROUND_MAX);

  constructor(parts: GathererParts) {
    this.#parts = parts;
  }

  /** What lies behind the failure, all at once, each within the deadline. Never rejects. */
  async look(gathering: Gathering, runtime: Runtime): Promise<void> {
    const { basket, missing, target, incident, signal } = gathering;
    const { clock, metrics } = this.#parts;
    const piece: Piece = async (what, work) => {
      try {
        const found = await bounded(work(), signal);
        if (found !== null && found.text !== '') basket.add(found);
      } catch (error) {
        missing.push(`${what}: ${wordsOf(error)}`);
      }
    };
    try {
      await clock.sleep(BACKGROUND_AFTER_MS, signal);
      using _place = await this.#places.take(signal);
      await Promise.all([
        piece('history', () => this.#history(gathering)),
        piece('metrics', async () => {
          if (metrics === null) return null;
          const found = await metrics.related(target, [...incident.alerts.values()], signal);
          return { kind: 'metrics', instance: '', ...found };
        }),
        this.#ofInstances(gathering, runtime, piece),
      ]);
    } catch {
      missing.push('events, metrics and history: no time was left for them');
    }
  }

  async #history(gathering: Gathering): Promise<EvidencePiece | null> {
    const { piece, wellState } = await readHistory(this.#parts.journal, gathering.incident);
    // Since this agent started it has not seen the target well: what the journal tells is the next best.
    if (wellState !== null && gathering.wellStates.length === 0)
      compare(gathering, [wellState], await gathering.instances);
    return piece;
  }

  async #ofInstances(gathering: Gathering, runtime: Runtime, piece: Piece): Promise<void> {
    const { signal } = gathering;
    // Why there are none is said with the evidence.
    const all = await bounded(gathering.instances, signal).catch(() => []);
    const instances = all.slice(0, EVIDENCE_INSTANCES_MAX);
    await Promise.all([
      this.#readPast(gathering, runtime, instances),
      ...instances.map((instance) =>
        piece(`events of ${instance.name}`, () => this.#events(runtime, instance, signal)),
      ),
    ]);
  }

  async #events(runtime: Runtime, instance: Instance, signal: AbortSignal): Promise<EvidencePiece | null> {
    const toMs = this.#parts.clock.now();
    const found = await runtime.events?.(instance, { fromMs: toMs - EVENTS_MS, toMs }, signal);
    return found === undefined ? null : { kind: 'events', instance: instance.name, ...found };
  }

  async #readPast(gathering: Gathering, runtime: Runtime, instances: readonly Instance[]): Promise<void> {
    // It is much to read, and only for what is called unusual: in a storm there is no time for it.
    if (this.#parts.diagnoser === null || this.#places.isCrowded) return;
    const { target, incident, signal } = gathering;
    const { keptLogs, redact } = this.#parts;
    const ends = instances.map((instance) => {
      const failedAt = failureTime(instance, incident.openedAt, gathering.wellStates);
      return Number.isFinite(failedAt) ? failedAt : (instance.finishedAt ?? incident.openedAt);
    });
    const failedAt = Math.min(incident.openedAt, ...ends);
    try {
      const reading = pastLines({ runtime, keptLogs }, target, instances, failedAt, signal);
      const lines = await bounded(reading, signal);
      // As the evidence is cleaned, so that the same line is the same here and there.
      if (lines.length > 0) gathering.past = cleanText(lines.join('\n'), redact).split('\n');
    } catch {
      // Out of time: nothing is called unusual then.
    }
  }
}

/** Keeps what is different from when the target was last seen well, where that is known. */
export function compare(
  { basket, incident }: Gathering,
  states: readonly WellState[],
  instances: readonly Instance[],
): void {
  const piece = changesSince(states, instances, incident.openedAt);
  if (piece !== null) basket.add(piece);
}
