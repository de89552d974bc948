import type { Clock } from '../ports.ts';

/** A wall-clock deadline is looked at again at least this often, so that a jump of the clock loses none; milliseconds. */
const NAP_MAX_MS = 60_000;
/** An alarm that rang and changed nothing rings again no sooner than this, milliseconds. */
const RING_AGAIN_MS = 200;

/** One wall-clock alarm per incident. What rings is only a tick: the core decides whether anything is due. */
export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (incident: string) => void;
  readonly #set = new Map<string, { readonly at: number; readonly abort: AbortController }>();
  #closed = false;

  constructor(clock: Clock, ring: (incident: string) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Sets, moves or (with null) ends the alarm of an incident; `at` is wall clock, milliseconds. */
  set(incident: string, at: number | null): void {
    if (this.#closed) return;
    const before = this.#set.get(incident);
    if (before !== undefined && before.at === at) return;
    before?.abort.abort(new Error('moved'));
    this.#set.delete(incident);
    if (at === null) return;
    const alarm = { at, abort: new AbortController() };
    this.#set.set(incident, alarm);
    void this.#wait(incident, alarm);
  }

  /** Ends all alarms; none can be set again. */
  close(): void {
    this.#closed = true;
    this.stop();
  }

  /** Ends all alarms that are set. */
  stop(): void {
    for (const { abort } of this.#set.values()) abort.abort(new Error('stopped'));
    this.#set.clear();
  }

  async #wait(
    incident: string,
    alarm: { readonly at: number; readonly abort: AbortController },
  ): Promise<void> {
    try {
      for (let left = alarm.at - this.#clock.now(); left > 0; left = alarm.at - this.#clock.now()) {
        await this.#clock.sleep(Math.min(left, NAP_MAX_MS), alarm.abort.signal);
      }
      while (this.#set.get(incident) === alarm) {
        this.#ring(incident);
        await this.#clock.sleep(RING_AGAIN_MS, alarm.abort.signal);
      }
    } catch {
      // Moved or stopped: whoever did it has set another, or wants none.
    }
  }
}
