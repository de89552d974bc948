import type { EffectReport, Input } from '../core/context.ts';
import { wakeAt } from '../core/effects.ts';
import type { Incident } from '../core/incident.ts';
import { JournalError, MpaError } from '../errors.ts';
import type { Clock, Telemetry } from '../ports.ts';
import { Alarms } from './alarms.ts';
import { EffectRunner } from './effectRunner.ts';
import type { Executor } from './executor.ts';
import { JOURNAL_RETRY_MS, type Recorder } from './recorder.ts';
import type { Scene } from './scene.ts';

type ReconcilerParts = {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly recorder: Recorder;
  readonly executor: Executor;
  readonly scene: (incident: Incident) => Scene;
  /** Has one incident decided upon an input. */
  readonly tell: (incident: string, input: Input) => Promise<void>;
};

/**
 * Keeps what is under way, effects and alarms, in line with what is on record of each incident, and feeds back what
 * comes of them.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #runner: EffectRunner;
  readonly #alarms: Alarms;
  /** Whether effects are started: from when every open incident knows that the agent was away. */
  #acting = false;
  /** Aborts when what acted at the end has had its time: a result that the journal did not take by then is lost. */
  readonly #enough = new AbortController();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#runner = new EffectRunner({ ...parts, report: (incident, report) => this.#heed(incident, report) });
    this.#alarms = new Alarms(parts.clock, (incident) => this.#ring(incident));
  }

  /** From now on what is pending is started. */
  begin(): void {
    this.#acting = true;
    this.reconcileAll();
  }

  reconcile(id: string): void {
    if (!this.#acting) return;
    const incident = this.#parts.recorder.memory.incident(id);
    this.#runner.reconcile(id, incident);
    this.#alarms.set(id, incident === null ? null : wakeAt(incident));
  }

  reconcileAll(): void {
    for (const { id } of this.#parts.recorder.memory.incidents()) this.reconcile(id);
  }

  /** Starts nothing more, and lets what acts finish within `graceMs` milliseconds. */
  async stop(graceMs: number): Promise<void> {
    this.#alarms.close();
    const callOff = this.#parts.clock.after(graceMs, () => this.#enough.abort(new Error('the agent stops')));
    await this.#runner.stop(graceMs);
    callOff();
  }

  /** While the journal is away every decision would be lost; the alarm goes on ringing. */
  #ring(incident: string): void {
    const { recorder, tell } = this.#parts;
    if (recorder.trouble === null) void tell(incident, { kind: 'tick' }).catch(() => undefined);
  }

  /**
   * A result of an effect must not be lost: when the journal cannot be written it is told again until it can, or the
   * agent ends. The next one looks at what this one could not write down.
   */
  async #heed(incident: string, report: EffectReport): Promise<void> {
    const { clock, recorder, tell } = this.#parts;
    const { signal } = this.#enough;
    for (;;) {
      try {
        return await tell(incident, { kind: 'report', report });
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw error;
        // Whether the journal is back is tried by one for all.
        do await clock.sleep(JOURNAL_RETRY_MS, signal);
        while (recorder.trouble !== null);
      }
    }
  }
}

/** Whether telling it again can help: the journal, or a queue that was full. */
function isPassing(error: unknown): boolean {
  return error instanceof JournalError || (error instanceof MpaError && error.code === 'OVERLOADED');
}
