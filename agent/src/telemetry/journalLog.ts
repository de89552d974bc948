import { describeEntry } from '../core/describe.ts';
import type { Entry, EntryBody } from '../core/entry.ts';
import type { Observation } from '../core/observation.ts';
import { isSaidBefore, type Said } from '../core/saidBefore.ts';
import type { Target } from '../core/target.ts';
import type { Telemetry } from '../ports.ts';
import type { Log } from './log.ts';

/** What repeats while an incident goes on; a reader of the story does not miss it. */
const QUIET: ReadonlySet<EntryBody['type']> = new Set<EntryBody['type']>([
  'signal-repeated',
  'observed',
  'look-started',
  'guards-answered',
  'seen-well',
]);

const LOUD: ReadonlySet<EntryBody['type']> = new Set<EntryBody['type']>([
  'alerts-truncated',
  'clock-jumped',
  'protective-action',
  'escalated',
  'breaker-opened',
]);

/** Tells the journal in the log as it grows: one line an entry, with its incident and target. */
export class JournalLog implements Telemetry {
  readonly #log: Log;
  /** What was told last, of whichever incident. */
  #last: (Said & { readonly incident: string | null }) | undefined;

  /** Commits that failed since the last that did not. */
  #failures = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  restoring(): void {}

  entryRestored(): void {}

  entryAppended(entry: Entry): void {
    const { incident, target, seq, body } = entry;
    const text = describeEntry(entry);
    const before = this.#last?.incident === incident ? this.#last : undefined;
    // The end of an action is quiet already, and that of its step is what is told.
    const isTold = body.type === 'signal-heard' && isSaidBefore({ type: body.type, text }, before);
    this.#last = { incident, type: body.type, text };
    this.#log[isTold ? 'debug' : levelOf(body)](
      {
        ...(incident === null ? {} : { incident }),
        ...(target === null ? {} : { target }),
        entry: body.type,
        seq,
      },
      text,
    );
  }

  /** It is tried twice a second: told are the first failure in a row, the second, the fourth, the eighth and so on. */
  journalCommitted(_durationMs: number, ok: boolean, error?: unknown): void {
    this.#failures = ok ? 0 : this.#failures + 1;
    if (ok || (this.#failures & (this.#failures - 1)) !== 0) return;
    const why = error instanceof Error ? error.message : 'nothing more is known';
    const times = this.#failures === 1 ? '' : `, ${this.#failures} times in a row`;
    this.#log.error(`nothing is acknowledged or mutated${times}: ${why}`);
  }

  effectStarted(): void {}

  effectEnded(): void {}

  effectFailed(kind: string, incident: string, error: unknown): void {
    this.#log.error({ incident, kind, err: error }, `an effect failed: ${kind}`);
  }

  observed(_target: Target, _observation: Observation): void {}

  incidentQuarantined(incident: string, error: unknown): void {
    this.#log.error(
      { incident, err: error },
      'a decision failed; the incident is set aside and a person called',
    );
  }

  watchFailed(what: 'clock' | 'fleet', error: unknown): void {
    this.#log.error({ err: error }, `the watch of the ${what} failed, and goes on`);
  }
}

function levelOf(body: EntryBody): 'debug' | 'info' | 'warn' | 'error' {
  if (body.type === 'quarantined') return 'error';
  if (body.type === 'notified' && !body.delivered) return 'warn';
  // The end of its step says the same once more; only an answer that was lost is news of its own.
  if (body.type === 'action-ended' && body.result.outcome !== 'unknown') return 'debug';
  if (LOUD.has(body.type)) return 'warn';
  return QUIET.has(body.type) ? 'debug' : 'info';
}
