import type { Input } from '../core/context.ts';
import type { Entry } from '../core/entry.ts';
import type { Census } from './census.ts';
import type { Recorder } from './recorder.ts';

type WakerParts = {
  readonly recorder: Recorder;
  readonly census: Census;
  /** Has one incident decided upon an input. */
  readonly tell: (incident: string, input: Input) => Promise<void>;
};

/** Tells incidents that wait when what they may wait for has changed: each asks again. */
export class Waker {
  readonly #parts: WakerParts;

  constructor(parts: WakerParts) {
    this.#parts = parts;
  }

  /** Whatever waits for leave asks again: the guards, a person who need not be asked any more, or one who was not called. */
  async wakeAll(reason: string): Promise<void> {
    const { recorder, tell } = this.#parts;
    const waiting = recorder.memory
      .incidents()
      .filter(
        ({ phase, target }) =>
          phase.kind === 'held' ||
          phase.kind === 'approving' ||
          (phase.kind === 'escalated' && target === null),
      );
    await Promise.all(waiting.map(({ id }) => tell(id, { kind: 'poke', reason })));
  }

  /** What waits for a target looks at it again. */
  wakeTarget(target: string, reason: string): void {
    const { recorder, tell } = this.#parts;
    const open = recorder.memory.fleet.openIncidentOf(target);
    const incident = open === null ? null : recorder.memory.incident(open);
    // One that cannot be told now asks again by its own alarm.
    if (incident?.phase.kind === 'held')
      void tell(incident.id, { kind: 'poke', reason }).catch(() => undefined);
  }

  /** An incident that ended may be what others wait for: their dependency, or a place in the blast radius. */
  wakeAfter(entries: readonly Entry[]): void {
    const { recorder, census, tell } = this.#parts;
    const ended = entries.filter(({ body }) => body.type === 'incident-ended');
    if (ended.length === 0) return;
    const names = new Set(ended.map(({ target }) => target));
    const waits = (name: string | null) =>
      names.has(null) || census.find(name)?.dependsOn.some((dependency) => names.has(dependency)) === true;
    const waiting = recorder.memory
      .incidents()
      .filter(({ phase, target }) => phase.kind === 'held' && waits(target));
    const poke = { kind: 'poke', reason: 'what it may have waited for has ended' } as const;
    // One that cannot be told now asks again by its own alarm.
    for (const { id } of waiting) void tell(id, poke).catch(() => undefined);
  }
}
