import type { Draft } from '../core/entry.ts';
import { evolve } from '../core/evolve.ts';
import { Fleet } from '../core/fleet.ts';
import { type Incident, isSettled } from '../core/incident.ts';
import { NewerEntryError } from '../core/newerEntry.ts';
import type { LoadedEntry } from '../ports.ts';
import type { WellState } from './evidence/wellStates.ts';

/** What the agent knows: the folds of the journal, kept in memory. Thrown away and folded anew after a failed append. */
export class Memory {
  readonly fleet = new Fleet();
  readonly #incidents = new Map<string, Incident>();
  readonly #leaving = new Map<string, Incident>();
  /** As what each target was last seen well, as far as that is on record. */
  readonly wellSeen = new Map<string, WellState>();
  /** Incidents whose own entries cannot be folded: a defect, or a version that this one does not understand. */
  readonly unreadable = new Map<string, unknown>();
  #unplaced = 0;
  /** Version of the agent that wrote what is being folded, as far as its start is on record. */
  #writer: string | null = null;

  /** Folds one entry that the journal gave. Those of a settled incident count for the fleet alone. */
  restore({ entry, settled }: LoadedEntry): void {
    if (settled) this.#applyToAll(entry);
    else this.apply(entry);
  }

  /** Folds one entry, written or about to be. */
  apply(entry: Draft): void {
    this.#applyToAll(entry);
    const { incident: id, body } = entry;
    if (id === null) return;
    const before = this.#incidents.get(id) ?? null;
    if (before === null && body.type !== 'incident-opened') return;
    try {
      const after = evolve(before, entry);
      if (!isSettled(after)) {
        if (before === null && after.target === null) this.#unplaced += 1;
        this.#incidents.set(id, after);
        return;
      }
      if (before?.target === null) this.#unplaced -= 1;
      this.#incidents.delete(id);
      this.#leaving.set(id, after);
    } catch (error) {
      // What comes after the first that cannot be folded may fit no better, and says nothing of the cause.
      if (!this.unreadable.has(id))
        this.unreadable.set(id, error instanceof NewerEntryError ? error.writtenBy(this.#writer) : error);
    }
  }

  /** What an entry says beyond its own incident. */
  #applyToAll(entry: Draft): void {
    this.fleet.apply(entry);
    const { body, target, at } = entry;
    if (body.type === 'agent-started') this.#writer = body.version;
    if (body.type === 'seen-well' && target !== null)
      this.wellSeen.set(target, { firstAt: at, lastAt: at, instances: body.instances });
  }

  incident(id: string): Incident | null {
    return this.#incidents.get(id) ?? null;
  }

  /** The incident as it was last, also when the entries that are about to be written settled it. */
  lastOf(id: string): Incident | null {
    return this.#incidents.get(id) ?? this.#leaving.get(id) ?? null;
  }

  /** Called when the entries that settled them are durable. */
  forgetSettled(): void {
    this.#leaving.clear();
  }

  /** Every incident that is not settled. */
  incidents(): readonly Incident[] {
    return [...this.#incidents.values()];
  }

  get size(): number {
    return this.#incidents.size;
  }

  /** Of these, the incidents of no target, also those that have ended and that people must still be told of. */
  get unplaced(): number {
    return this.#unplaced;
  }
}
