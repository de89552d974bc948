import type { Draft, Entry } from '../core/entry.ts';
import { evolve } from '../core/evolve.ts';
import { Fleet } from '../core/fleet.ts';
import { type Incident, isSettled } from '../core/incident.ts';
import { NewerEntryError } from '../core/newerEntry.ts';

import type { WellState } from './evidence/wellStates.ts';

/** An analysis goes on past the end of its incident, and its cost is still to be heard. */
function isAnalysed({ asked, quarantined }: Incident): boolean {
  return asked !== null && !asked.over && quarantined === null;
}

/** What the agent knows: the folds of the journal, kept in memory. Thrown away and folded anew after a failed append. */
export class Memory {
  readonly fleet = new Fleet();
  readonly #incidents = new Map<string, Incident>();
  readonly #leaving = new Map<string, Incident>();
  /** As what each target was last seen well, as far as that is on record. */
  readonly wellSeen = new Map<string, WellState>();
  /** Incidents whose own entries cannot be folded: a defect, or a version that this one does not understand. */
  readonly unreadable = new Map<string, unknown>();
  /** Version of the agent that wrote what is being folded, as far as its start is on record. */
  #writer: string | null = null;

  /**
   * Folds what the journal gave. Of incidents that ended long ago only the tail may be there: their entries count
   * for the fleet alone.
   */
  static fold(entries: readonly Entry[]): Memory {
    const memory = new Memory();
    for (const entry of entries) memory.apply(entry);
    memory.forgetSettled();
    return memory;
  }

  /** Folds one entry, written or about to be. */
  apply(entry: Draft): void {
    this.fleet.apply(entry);
    const { incident: id, body, target, at } = entry;
    if (body.type === 'agent-started') this.#writer = body.version;
    if (body.type === 'seen-well' && target !== null)
      this.wellSeen.set(target, { firstAt: at, lastAt: at, instances: body.instances });
    if (id === null) return;
    const before = this.#incidents.get(id) ?? null;
    if (before === null && body.type !== 'incident-opened') return;
    try {
      const after = evolve(before, entry);
      if (!isSettled(after) || isAnalysed(after)) {
        this.#incidents.set(id, after);
        return;
      }
      this.#incidents.delete(id);
      this.#leaving.set(id, after);
    } catch (error) {
      // What comes after the first that cannot be folded may fit no better, and says nothing of the cause.
      if (!this.unreadable.has(id))
        this.unreadable.set(id, error instanceof NewerEntryError ? error.writtenBy(this.#writer) : error);
    }
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

  /** Every incident that is not settled, or is still analysed. */
  incidents(): readonly Incident[] {
    return [...this.#incidents.values()];
  }

  get size(): number {
    return this.#incidents.size;
  }
}
