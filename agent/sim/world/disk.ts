import type { Draft, Entry, EntryBody } from '../../src/core/entry.ts';
import { evolve } from '../../src/core/evolve.ts';
import { type Incident, isSettled } from '../../src/core/incident.ts';
import { inForceOf } from '../../src/journal/inForce.ts';
import type { IncidentSummary, LoadedEntry } from '../../src/ports.ts';
import { throughText } from './throughText.ts';

/** What was durable in the journal's file: it outlives every process of the agent. */
export class Disk {
  readonly entries: Entry[] = [];
  readonly summaries = new Map<string, IncidentSummary>();
  readonly #byIncident = new Map<string, Entry[]>();
  readonly #settled = new Set<string>();
  /** Ids of the incidents of each target. */
  readonly #ofTarget = new Map<string | null, string[]>();
  /** Places of the entries that hold until they are taken back. */
  readonly #inForce = new Map<string, number>();
  readonly #frozen: boolean;
  readonly #onWritten: (entries: readonly Entry[]) => void;

  /**
   * @param frozen Whether who writes into what was read of it is told at once: a file hands out copies, and this one
   *   what it keeps. It takes an eighth of the speed, so not every world has it.
   */
  constructor(frozen: boolean, onWritten: (entries: readonly Entry[]) => void) {
    this.#frozen = frozen;
    this.#onWritten = onWritten;
  }

  write(drafts: readonly Draft[], summaries: readonly IncidentSummary[]): readonly Entry[] {
    const first = this.entries.length + 1;
    // Nothing of what is read later is the object that was written: it takes the way through text, as in every journal.
    const written = drafts.map(
      ({ at, incident, target, settings, body }, index): Entry => ({
        v: 1,
        seq: first + index,
        at,
        incident,
        target,
        settings,
        body: throughText(body),
      }),
    );
    if (this.#frozen) freeze(written);
    for (const entry of written) {
      this.entries.push(entry);
      const meaning = inForceOf(entry);
      if (meaning?.kind === 'set') this.#inForce.set(meaning.key, entry.seq);
      if (meaning?.kind === 'lift') this.#inForce.delete(meaning.key);
      if (entry.incident === null) continue;
      const own = this.#byIncident.get(entry.incident) ?? [];
      own.push(entry);
      this.#byIncident.set(entry.incident, own);
    }
    for (const summary of summaries) {
      if (!this.summaries.has(summary.id)) this.#file(summary);
      this.summaries.set(summary.id, summary);
      if (summary.endedAt !== null && this.#isSettled(summary.id)) this.#settled.add(summary.id);
    }
    this.#onWritten(written);
    return written;
  }

  /** What a start folds, as the real journals answer. */
  read(since: number, types: ReadonlySet<EntryBody['type']>): readonly LoadedEntry[] {
    const inForce = new Set(this.#inForce.values());
    const loaded: LoadedEntry[] = [];
    for (const entry of this.entries) {
      const { at, seq, incident, body } = entry;
      const settled = incident !== null && this.#settled.has(incident);
      const whole = incident === null ? at >= since : !settled;
      if (whole || (at >= since && types.has(body.type)) || inForce.has(seq)) loaded.push({ entry, settled });
    }
    return loaded;
  }

  /** Incidents of one target, the newest first. */
  incidents(target: string | null, before: number | null, limit: number): readonly IncidentSummary[] {
    return (this.#ofTarget.get(target) ?? [])
      .flatMap((id) => this.summaries.get(id) ?? [])
      .filter(({ openedAt }) => before === null || openedAt < before)
      .sort((one, other) => other.openedAt - one.openedAt)
      .slice(0, limit);
  }

  #file({ id, target }: IncidentSummary): void {
    const own = this.#ofTarget.get(target) ?? [];
    own.push(id);
    this.#ofTarget.set(target, own);
  }

  of(incident: string): readonly Entry[] {
    return this.#byIncident.get(incident) ?? [];
  }

  #isSettled(id: string): boolean {
    let incident: Incident | null = null;
    try {
      for (const entry of this.of(id)) incident = evolve(incident, entry);
    } catch {
      return false; // It cannot be folded, so it is read again each time, as the agent must see it.
    }
    return incident !== null && isSettled(incident);
  }
}

/** Through and through. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const own of Object.values(value)) freeze(own);
}
