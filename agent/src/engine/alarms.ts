import type { Clock } from '../ports.ts';
import { AlarmQueue } from './alarmQueue.ts';

/** A wall-clock deadline is looked at again at least this often, so that a jump of the clock loses none; milliseconds. */
const NAP_MAX_MS = 60_000;
/** An alarm that rang and changed nothing rings again no sooner than this, milliseconds. */
const RING_AGAIN_MS = 200;

/**
 * One wall-clock alarm per incident, and one sleep for all of them. What rings is only a tick: the core decides
 * whether anything is due.
 */
export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (incident: string) => void;
  readonly #set = new Map<string, number>();
  readonly #queue = new AlarmQueue();
  #nap: { readonly until: number; readonly abort: AbortController } | null = null;
  #closed = false;

  constructor(clock: Clock, ring: (incident: string) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Sets, moves or (with null) ends the alarm of an incident; `at` is wall clock, milliseconds. */
  set(incident: string, at: number | null): void {
    if (this.#closed || this.#set.get(incident) === at) return;
    if (at === null) {
      this.#set.delete(incident);
      return;
    }
    this.#set.set(incident, at);
    this.#push({ incident, at, due: at });
  }

  /** Ends all alarms; none can be set again. */
  close(): void {
    this.#closed = true;
    this.#set.clear();
    this.#nap?.abort.abort(new Error('closed'));
  }

  #push(alarm: { readonly incident: string; readonly at: number; readonly due: number }): void {
    this.#queue.add(alarm);
    if (this.#nap === null) void this.#run();
    else if (alarm.due < this.#nap.until) this.#nap.abort.abort(new Error('an earlier one was set'));
  }

  async #run(): Promise<void> {
    for (let next = this.#next(); next !== null && !this.#closed; next = this.#next()) {
      const left = next.due - this.#clock.now();
      if (left > 0) {
        await this.#sleep(next.due, Math.min(left, NAP_MAX_MS));
        continue;
      }
      this.#queue.pop();
      this.#queue.add({ ...next, due: this.#clock.now() + RING_AGAIN_MS });
      this.#ring(next.incident);
    }
  }

  /** The earliest alarm that still stands; those that were moved or ended are dropped on the way. */
  #next(): ReturnType<AlarmQueue['peek']> {
    for (let first = this.#queue.peek(); first !== null; first = this.#queue.peek()) {
      if (this.#set.get(first.incident) === first.at) return first;
      this.#queue.pop();
    }
    return null;
  }

  async #sleep(until: number, ms: number): Promise<void> {
    const nap = { until, abort: new AbortController() };
    this.#nap = nap;
    // Cut short: an earlier one was set, or all are closed; the loop looks again.
    await this.#clock.sleep(ms, nap.abort.signal).catch(() => undefined);
    this.#nap = null;
  }
}
