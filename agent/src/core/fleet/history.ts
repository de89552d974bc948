import { FLEET_MEMORY_MS } from './remembered.ts';

/** Something that happened to a target, and when, milliseconds. */
type Happening = { readonly target: string; readonly at: number };

/** Upper bound, so that a storm cannot grow the memory. */
const RECORDS_MAX = 20_000;
/** So many are forgotten at once: to take one from the front of a list moves all that are behind it. */
const FORGOTTEN_AT_ONCE = 500;

/**
 * What happened to the targets, oldest first. Guards ask it before each mutation, in a storm hundreds of times a second:
 * what concerns one target costs no more where much happened to others.
 */
export class History<T extends Happening> {
  #records: T[] = [];
  /** The same records, in the same order, of each target that has any. */
  readonly #byTarget = new Map<string, T[]>();

  add(record: T): void {
    this.#records.push(record);
    const ofTarget = this.#byTarget.get(record.target);
    if (ofTarget === undefined) this.#byTarget.set(record.target, [record]);
    else ofTarget.push(record);
  }

  /** Of this target, what happened after `since`, milliseconds; oldest first. */
  of(target: string, since: number): readonly T[] {
    return (this.#byTarget.get(target) ?? []).filter(({ at }) => at > since);
  }

  /** Of each target the last that happened after `since`, milliseconds. */
  lastOfEach(since: number): readonly T[] {
    const last: T[] = [];
    for (const ofTarget of this.#byTarget.values()) {
      const record = ofTarget.findLast(({ at }) => at > since);
      if (record !== undefined) last.push(record);
    }
    return last;
  }

  /** The last `count` of all that happened after `since`, milliseconds; oldest first. */
  last(count: number, since: number): readonly T[] {
    const last: T[] = [];
    for (let index = this.#records.length - 1; index >= 0 && last.length < count; index -= 1) {
      const record = this.#records[index];
      if (record !== undefined && record.at > since) last.push(record);
    }
    return last.reverse();
  }

  get newest(): T | undefined {
    return this.#records.at(-1);
  }

  /** Takes out the target's last record that `isIt`, if there is one. */
  take(target: string, isIt: (record: T) => boolean): T | undefined {
    const ofTarget = this.#byTarget.get(target);
    const record = ofTarget?.findLast(isIt);
    if (ofTarget === undefined || record === undefined) return undefined;
    this.#records.splice(this.#records.lastIndexOf(record), 1);
    ofTarget.splice(ofTarget.lastIndexOf(record), 1);
    if (ofTarget.length === 0) this.#byTarget.delete(target);
    return record;
  }

  /** What is too old to be asked for may be forgotten; beyond the upper bound the oldest are. */
  forget(now: number): void {
    const tooOld = now - FLEET_MEMORY_MS * 2;
    const many = this.#records.length > RECORDS_MAX;
    // They are oldest first: where so many are too old, the one at that place is.
    const old = (this.#records[FORGOTTEN_AT_ONCE - 1]?.at ?? now) < tooOld;
    if (!many && !old) return;
    for (const { target } of this.#records.splice(0, FORGOTTEN_AT_ONCE)) {
      const ofTarget = this.#byTarget.get(target);
      ofTarget?.shift();
      if (ofTarget?.length === 0) this.#byTarget.delete(target);
    }
  }

  /** As if all had happened so much later, milliseconds. */
  moveInTime(byMs: number): void {
    const moved = this.#records.map((record) => ({ ...record, at: record.at + byMs }));
    this.#records = [];
    this.#byTarget.clear();
    for (const record of moved) this.add(record);
  }
}
