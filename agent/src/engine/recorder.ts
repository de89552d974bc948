import type { Draft, Entry, EntryBody } from '../core/entry.ts';
import { FLEET_ENTRIES } from '../core/fleet/fold.ts';
import { FLEET_MEMORY_MS } from '../core/fleet/remembered.ts';
import type { Incident } from '../core/incident.ts';
import type { Clock, IncidentSummary, Journal, Telemetry } from '../ports.ts';
import { ClockWatch } from './clockWatch.ts';
import { Committer } from './committer.ts';
import { wordsOf } from './deadline.ts';
import { Memory } from './memory.ts';

/** The clock is looked at this often where nothing else happens, milliseconds. */
const CLOCK_WATCH_MS = 1_000;
/** After a failed append the journal is tried again after this long, milliseconds. */
export const JOURNAL_RETRY_MS = 1_000;

/** What the recorder needs, and whom it tells. */
export type RecorderParts = {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly telemetry: Telemetry;
  /** Version of the configuration in force. */
  readonly version: () => string;
  /** Aborts when the agent ends. */
  readonly over: AbortSignal;
  /** What follows for all from the decisions of a batch. */
  readonly conclude: () => void;
  /** Whether something follows for all where nothing was decided, by the time alone. Changes nothing. */
  readonly isDue: () => boolean;
  /** Entries are durable, and these incidents were touched by them. */
  readonly onCommitted: (entries: readonly Entry[], touched: ReadonlySet<string>) => void;
  /** The memory was thrown away and folded anew. */
  readonly onRefolded: () => void;
};

/**
 * Keeps memory and journal of one mind: what is decided is folded at once and appended in one durable commit with
 * what was decided beside it. When the journal cannot be written, the memory is thrown away, for the journal alone
 * says what is true.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #committer: Committer;
  readonly #clockWatch: ClockWatch;
  #memory = new Memory();
  #trouble: string | null = null;
  #touched = new Set<string>();
  /** Folded, and not yet handed to the journal. */
  readonly #folded: Draft[] = [];

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#clockWatch = new ClockWatch(parts.clock);
    this.#committer = new Committer({
      append: (drafts) => this.#append(drafts),
      prepare: () => this.#noticeJump(),
      conclude: () => this.#conclude(),
      takeFolded: () => this.#folded.splice(0),
      onCommitted: (entries) => this.#committed(entries),
      onFailure: (error) => this.#recover(error),
    });
  }

  /** What is known now; another object after a failed append. */
  get memory(): Memory {
    return this.#memory;
  }

  /** Why the journal cannot be written, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /**
   * Folds the journal for the first time.
   *
   * @returns when the newest entry that still matters was written, milliseconds; `null` when there is none.
   */
  async open(): Promise<number | null> {
    return this.#fold();
  }

  /** Runs one piece of deciding alone. Resolves when what it wrote is durable; rejects with what it or the journal threw. */
  submit(decide: () => void): Promise<void> {
    return this.#committer.submit(decide);
  }

  /** Only while deciding: folds what was decided, to be appended with the rest of the batch. */
  write(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      this.#memory.apply(draft);
      this.#folded.push(draft);
      if (draft.incident !== null) this.#touched.add(draft.incident);
    }
  }

  /** Only while deciding: writes one entry. */
  note(incident: string | null, target: string | null, body: EntryBody): void {
    this.write([{ at: this.#parts.clock.now(), incident, target, settings: this.#parts.version(), body }]);
  }

  /** Writes one entry that concerns the agent or a target as a whole. */
  async record(target: string | null, body: EntryBody): Promise<void> {
    await this.submit(() => this.note(null, target, body));
  }

  /** Runs `look` when everything in the memory is durable; between two batches of decisions it is. It must not throw. */
  whenDurable(look: () => void): Promise<void> {
    return this.#committer.between(look);
  }

  /** Resolves when nothing is waiting to be decided any more. */
  idle(): Promise<void> {
    return this.#committer.idle();
  }

  /** Looks at the clock, and at what is due by it, also where nothing else is decided; ends with the agent alone. */
  watchClock(): void {
    const { clock, over, telemetry } = this.#parts;
    const look = async () => {
      try {
        await this.#lookAtClock();
      } catch (error) {
        telemetry.watchFailed('clock', error);
      } finally {
        rearm();
      }
    };
    let callOff = () => {};
    const rearm = () => {
      if (!over.aborted) callOff = clock.after(CLOCK_WATCH_MS, () => void look());
    };
    rearm();
    over.addEventListener('abort', () => callOff(), { once: true });
  }

  async #lookAtClock(): Promise<void> {
    this.#clockWatch.followDrift();
    if (!this.#clockWatch.hasJumped() && !this.#parts.isDue()) return;
    // Where it cannot be told now, since the journal is away or all is full, it is told again next time.
    await this.submit(() => undefined).catch(() => undefined);
  }

  /** A defect in what concerns the fleet as a whole holds up no incident; it is tried again with the next decision. */
  #conclude(): void {
    try {
      this.#parts.conclude();
    } catch (error) {
      this.#parts.telemetry.watchFailed('fleet', error);
    }
  }

  /** Asked before each batch of decisions: nothing is decided upon a jump of the clock that was not noticed. */
  #noticeJump(): void {
    const byMs = this.#clockWatch.tellJump();
    if (byMs === null) return;
    this.note(null, null, { type: 'clock-jumped', byMs });
    for (const { id, target } of this.#memory.incidents())
      this.note(id, target, { type: 'clock-jumped', byMs });
  }

  async #append(drafts: readonly Draft[]): Promise<readonly Entry[]> {
    const { clock, journal, telemetry } = this.#parts;
    const startedAt = clock.monotonic();
    try {
      const entries = await journal.append(drafts, this.#summaries(drafts));
      telemetry.journalCommitted(clock.monotonic() - startedAt, true);
      this.#trouble = null;
      this.#clockWatch.recorded();
      this.#memory.forgetSettled();
      return entries;
    } catch (error) {
      telemetry.journalCommitted(clock.monotonic() - startedAt, false, error);
      throw error;
    }
  }

  #committed(entries: readonly Entry[]): void {
    for (const entry of entries) this.#parts.telemetry.entryAppended(entry);
    const touched = this.#touched;
    this.#touched = new Set();
    this.#parts.onCommitted(entries, touched);
  }

  async #recover(error: unknown): Promise<void> {
    const { clock, over } = this.#parts;
    const first = this.#trouble === null;
    this.#trouble = wordsOf(error);
    this.#touched = new Set();
    while (!over.aborted) {
      try {
        await this.#fold();
        break;
      } catch (again) {
        this.#trouble = wordsOf(again);
        await clock.sleep(JOURNAL_RETRY_MS, over).catch(() => undefined); // Aborted: the loop ends.
      }
    }
    this.#parts.onRefolded();
    if (first) void this.#awaitJournal(clock.monotonic(), wordsOf(error));
  }

  /** Tries the journal until it can be written again, and records how long it could not. */
  async #awaitJournal(since: number, reason: string): Promise<void> {
    const { clock, over } = this.#parts;
    while (!over.aborted && this.#trouble !== null) {
      await clock.sleep(JOURNAL_RETRY_MS, over).catch(() => undefined); // Aborted: the loop ends.
      const afterMs = Math.round(clock.monotonic() - since);
      // Still away: tried again.
      await this.record(null, { type: 'journal-recovered', afterMs, reason }).catch(() => undefined);
    }
  }

  async #fold(): Promise<number | null> {
    const { journal, clock, telemetry } = this.#parts;
    const memory = new Memory();
    let newestAt: number | null = null;
    telemetry.restoring();
    for await (const loaded of journal.load(clock.now() - 2 * FLEET_MEMORY_MS, FLEET_ENTRIES)) {
      memory.restore(loaded);
      if (!loaded.settled) telemetry.entryRestored(loaded.entry);
      newestAt = loaded.entry.at;
    }
    memory.forgetSettled();
    for (const [id, error] of memory.unreadable)
      if (memory.incident(id)?.quarantined === null) telemetry.incidentQuarantined(id, error);
    this.#memory = memory;
    return newestAt;
  }

  #summaries(drafts: readonly Draft[]): readonly IncidentSummary[] {
    const summaries = new Map<string, IncidentSummary>();
    for (const { incident: id } of drafts) {
      const incident = id === null || summaries.has(id) ? null : this.#memory.lastOf(id);
      if (incident !== null) summaries.set(incident.id, summarise(incident));
    }
    return [...summaries.values()];
  }
}

function summarise({ id, phase, target, openedAt, reason, escalation }: Incident): IncidentSummary {
  const end = phase.kind === 'ended' ? phase : null;
  return {
    id,
    target,
    openedAt,
    endedAt: end?.at ?? null,
    phase: phase.kind,
    outcome: end?.outcome ?? null,
    escalated: escalation !== null && escalation.code !== 'approval-wanted',
    reason: escalation?.reason ?? reason,
  };
}
