import { History } from './history.ts';

/** One mutation of a target, for the windows that guards look through. */
export type MutationRecord = {
  readonly target: string;
  readonly incident: string;
  readonly at: number;
  /** How many targets were failing when it began, its own among them, and at most soon after it. */
  readonly failingBefore: number;
  failingAfter: number;
};

/** How long after a mutation the failures of others are laid at its door, milliseconds. */
const AFTERMATH_MS = 120_000;

/** The mutations that took a place in the windows, and what came after each. */
export class Mutations {
  readonly #records = new History<MutationRecord>();

  /** Those of a target that began after `since`, milliseconds; oldest first. */
  of(target: string, since: number): readonly MutationRecord[] {
    return this.#records.of(target, since);
  }

  /** Of each target the last that began after `since`, milliseconds. */
  lastOfEach(since: number): readonly MutationRecord[] {
    return this.#records.lastOfEach(since);
  }

  /** The last `count` of all that began after `since`, milliseconds; oldest first. */
  last(count: number, since: number): readonly MutationRecord[] {
    return this.#records.last(count, since);
  }

  begin(mutation: Pick<MutationRecord, 'target' | 'incident' | 'at'>, failing: number): void {
    this.#records.add({ ...mutation, failingBefore: failing, failingAfter: failing });
  }

  /**
   * A further instance, or a repeat of what did not happen, takes no new place in the windows; but the place that it
   * has counts from now on, for it is now that the target is touched.
   */
  goOn({ target, incident, at }: Pick<MutationRecord, 'target' | 'incident' | 'at'>): void {
    const record = this.#records.take(target, (each) => each.incident === incident);
    if (record !== undefined) this.#records.add({ ...record, at });
  }

  /** More failing targets than when the last mutation began, and soon after it: that is laid at its door. */
  noteFailure(at: number, countFailing: () => number): void {
    const last = this.#records.newest;
    if (last === undefined || at - last.at > AFTERMATH_MS) return;
    last.failingAfter = Math.max(last.failingAfter, countFailing());
  }

  forget(now: number): void {
    this.#records.forget(now);
  }

  moveInTime(byMs: number): void {
    this.#records.moveInTime(byMs);
  }
}
