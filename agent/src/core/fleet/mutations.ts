import { remembered } from './remembered.ts';

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

/** The mutations that took a place in the windows, oldest first, and what came after each. */
export class Mutations {
  #records: MutationRecord[] = [];

  since(since: number, target?: string): readonly MutationRecord[] {
    return this.#records.filter(
      (record) => record.at > since && (target === undefined || record.target === target),
    );
  }

  begin(mutation: Pick<MutationRecord, 'target' | 'incident' | 'at'>, failing: number): void {
    this.#records.push({ ...mutation, failingBefore: failing, failingAfter: failing });
  }

  /**
   * A further instance, or a repeat of what did not happen, takes no new place in the windows; but the place that it
   * has counts from now on, for it is now that the target is touched.
   */
  goOn(incident: string, at: number): void {
    const index = this.#records.findLastIndex((record) => record.incident === incident);
    const [record] = index < 0 ? [] : this.#records.splice(index, 1);
    if (record !== undefined) this.#records.push({ ...record, at });
  }

  /** More failing targets than when the last mutation began, and soon after it: that is laid at its door. */
  noteFailure(at: number, countFailing: () => number): void {
    const last = this.#records.at(-1);
    if (last === undefined || at - last.at > AFTERMATH_MS) return;
    last.failingAfter = Math.max(last.failingAfter, countFailing());
  }

  forget(now: number): void {
    this.#records = remembered(this.#records, now);
  }

  moveInTime(byMs: number): void {
    this.#records = this.#records.map((record) => ({ ...record, at: record.at + byMs }));
  }
}
