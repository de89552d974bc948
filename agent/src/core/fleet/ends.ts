import { History } from './history.ts';

/** How one incident of a target went, for the flap count. */
export type EndRecord = {
  readonly target: string;
  readonly at: number;
  readonly outcome: string;
  readonly mutated: boolean;
};

/** How incidents ended. */
export class Ends {
  readonly #records = new History<EndRecord>();

  /** Those of a target that ended after `since`, milliseconds; oldest first. */
  of(target: string, since: number): readonly EndRecord[] {
    return this.#records.of(target, since);
  }

  add(record: EndRecord): void {
    this.#records.add(record);
  }

  forget(now: number): void {
    this.#records.forget(now);
  }

  moveInTime(byMs: number): void {
    this.#records.moveInTime(byMs);
  }
}
