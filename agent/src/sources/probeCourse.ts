import type { ProbeResult } from '../core/observation.ts';
import type { ProbeSchedule } from '../core/target.ts';

/** What a probe's results amount to. */
export type ProbeState = 'failing' | 'passing';

/** One thing to say about a probe. */
export type Announcement = { readonly state: ProbeState; readonly reason: string };

/** A target that goes on failing is reported again after so many intervals, so that nothing that was missed stays missed. */
const REPEAT_AFTER_INTERVALS = 15;

/**
 * Makes states of single results by the schedule's thresholds, and knows what has still to be said.
 *
 * What was said counts only once it was heard: `next` answers the same again until `heard` is called for it.
 * The first state is said too, also when it is `passing`: before a restart of the agent another may have been heard.
 */
export class ProbeCourse {
  readonly #schedule: ProbeSchedule;
  /** `null`: not enough results agree yet. */
  #state: ProbeState | null = null;
  #reason = '';
  /** Consecutive results of one kind. */
  #run = { ok: true, length: 0 };
  #heard: ProbeState | null = null;
  #sinceHeard = 0;

  constructor(schedule: ProbeSchedule) {
    this.#schedule = schedule;
  }

  add({ ok, reason }: ProbeResult): void {
    this.#run = { ok, length: ok === this.#run.ok ? this.#run.length + 1 : 1 };
    this.#sinceHeard += 1;
    const { successThreshold, failureThreshold } = this.#schedule;
    if (this.#run.length < (ok ? successThreshold : failureThreshold)) return;
    this.#state = ok ? 'passing' : 'failing';
    this.#reason = ok ? reason : `${reason} (${this.#run.length} times in a row)`;
  }

  /** What is to be said now; `null` when everything was heard. */
  next(): Announcement | null {
    if (this.#state === null) return null;
    const again = this.#state === 'failing' && this.#sinceHeard >= REPEAT_AFTER_INTERVALS;
    return this.#state === this.#heard && !again ? null : { state: this.#state, reason: this.#reason };
  }

  /** Called when the announcement has been heard for good. */
  heard({ state }: Announcement): void {
    this.#heard = state;
    this.#sinceHeard = 0;
  }
}
