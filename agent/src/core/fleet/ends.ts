import { remembered } from './remembered.ts';

/** How one incident of a target went, for the flap count. */
export type EndRecord = {
  readonly target: string;
  readonly at: number;
  readonly outcome: string;
  readonly mutated: boolean;
};

/** How incidents ended, oldest first. */
export class Ends {
  #records: EndRecord[] = [];

  since(since: number, target?: string): readonly EndRecord[] {
    return this.#records.filter(
      (record) => record.at > since && (target === undefined || record.target === target),
    );
  }

  add(record: EndRecord): void {
    this.#records.push(record);
  }

  forget(now: number): void {
    this.#records = remembered(this.#records, now);
  }

  moveInTime(byMs: number): void {
    this.#records = this.#records.map((record) => ({ ...record, at: record.at + byMs }));
  }
}
