import type { SimTime } from '../time.ts';

/** Writes down what happens, in sentences, when somebody wants to read it; else it costs nothing. */
export class Chronicle {
  readonly lines: string[] = [];
  readonly #time: SimTime;
  readonly #wanted: boolean;

  constructor(time: SimTime, wanted: boolean) {
    this.#time = time;
    this.#wanted = wanted;
  }

  tell(sentence: () => string): void {
    if (this.#wanted) this.lines.push(`${stamp(this.#time.now)}  ${sentence()}`);
  }
}

/** True time since the world began, as `01:02:03.004`. */
export function stamp(ms: number): string {
  return new Date(Math.max(0, Math.round(ms))).toISOString().slice(11, 23);
}
