import type { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import { evolve } from '../core/evolve.ts';
import { type Incident, isSettled } from '../core/incident.ts';
import { decodeEntry } from './entryCodec.ts';
import { schemaVersionOf } from './migrations.ts';
import { openForReading } from './openDatabase.ts';
import { asJournalError, isDamage, sqliteReason } from './sqliteError.ts';

/** Problems told one by one; of more than these only the number is told. */
const PROBLEMS_MAX = 100;

/** What was found in a journal. */
export type JournalReport = {
  readonly entries: number;
  readonly incidents: number;
  /** Milliseconds since the epoch; `null` for an empty journal. */
  readonly newestAt: number | null;
  /** One sentence each, at most 100; none: the journal is in order. */
  readonly problems: readonly string[];
  readonly problemsInAll: number;
};

/**
 * Reads the whole journal: SQLite's own check, every entry, and for every incident whether its entries fold and
 * whether what was derived from them (summary, settled or not) says the same. Changes nothing; an agent may be
 * using the journal meanwhile.
 *
 * @throws JournalError `JOURNAL_READ` or `JOURNAL_SCHEMA` when it cannot be read at all.
 */
export function verifyJournal(path: string): JournalReport {
  try {
    using db = openForReading(path);
    schemaVersionOf(db);
    // One read transaction, so that all tables are seen as of the same moment.
    db.exec('BEGIN');
    return new Verification(db).run();
  } catch (error) {
    throw asJournalError('JOURNAL_READ', path, error);
  }
}

class Verification {
  readonly #db: DatabaseSync;
  readonly #problems: string[] = [];
  #problemsInAll = 0;
  #entries = 0;
  #incidents = 0;
  #newestAt: number | null = null;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run(): JournalReport {
    // In a damaged file each of these can end early; what was found until then is still worth telling.
    this.#orDamage(() => this.#checkFile());
    this.#orDamage(() => this.#checkEntries());
    this.#orDamage(() => this.#checkIncidents());
    return {
      entries: this.#entries,
      incidents: this.#incidents,
      newestAt: this.#newestAt,
      problems: this.#problems,
      problemsInAll: this.#problemsInAll,
    };
  }

  #orDamage(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#found(`SQLite: ${sqliteReason(error)}`);
    }
  }

  #found(problem: string): void {
    this.#problemsInAll += 1;
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem);
  }

  #checkFile(): void {
    for (const { integrity_check: said } of this.#db.prepare('PRAGMA integrity_check(20)').iterate()) {
      // Its first row can hold many lines.
      if (said !== 'ok') for (const line of String(said).split('\n')) this.#found(`SQLite: ${line}`);
    }
  }

  #checkEntries(): void {
    for (const row of this.#db.prepare('SELECT * FROM entries ORDER BY seq').iterate()) {
      this.#entries += 1;
      const entry = this.#decode(row);
      if (entry !== null) this.#newestAt = Math.max(this.#newestAt ?? 0, entry.at);
    }
  }

  #decode(row: object): Entry | null {
    try {
      // A row of the table `entries`, which is STRICT: its columns have these types.
      return decodeEntry(row as Parameters<typeof decodeEntry>[0]);
    } catch (error) {
      this.#found(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #checkIncidents(): void {
    const opened = this.#db
      .prepare(
        `SELECT entries.incident AS id, ended_at, incidents.id IS NOT NULL AS listed,
           EXISTS (SELECT 1 FROM unsettled WHERE unsettled.incident = entries.incident) AS unsettled
         FROM (SELECT DISTINCT incident FROM entries WHERE incident IS NOT NULL) AS entries
         LEFT JOIN incidents ON incidents.id = entries.incident`,
      )
      .iterate();
    for (const { id, ended_at, listed, unsettled } of opened) {
      this.#incidents += 1;
      const folded = this.#fold(String(id));
      if (folded === null) continue;
      if (listed !== 1) this.#found(`incident ${id} is in no list`);
      const ended = folded.phase.kind === 'ended';
      if (listed === 1 && ended !== (ended_at !== null)) {
        this.#found(`incident ${id} ${ended ? 'has ended' : 'is open'}, the list says otherwise`);
      }
      if (isSettled(folded) === (unsettled === 1)) {
        this.#found(
          `incident ${id} is ${unsettled === 1 ? '' : 'not '}loaded at a start, and should${unsettled === 1 ? ' not' : ''} be`,
        );
      }
    }
  }

  #fold(id: string): Incident | null {
    try {
      let state: Incident | null = null;
      for (const row of this.#db
        .prepare('SELECT * FROM entries WHERE incident = ? ORDER BY seq')
        .iterate(id)) {
        // As above; entries that cannot be decoded were already told.
        state = evolve(state, decodeEntry(row as Parameters<typeof decodeEntry>[0]));
      }
      return state;
    } catch (error) {
      this.#found(`incident ${id} does not fold: ${error instanceof Error ? error.message : error}`);
      return null;
    }
  }
}
