import type { Health } from '../core/observation.ts';
import type { TargetStatus } from '../ports.ts';

/** Looks kept per target. */
const LOOKS_MAX = 120;
/** When it was, what it saw, and how long it took. */
const COLUMNS = 3;

const VERDICTS: readonly Health['verdict'][] = ['well', 'unwell', 'starting', 'unknown'];

type Look = TargetStatus['course'][number];

/** The last looks at one target, oldest first: plain numbers, since there may be thousands of targets. */
export class Course {
  readonly #numbers = new Float64Array(LOOKS_MAX * COLUMNS);
  #count = 0;

  /** The oldest makes room. */
  add({ at, verdict, latencyMs }: Look): void {
    // Not a number stands for a look without a probe.
    this.#numbers.set(
      [at, VERDICTS.indexOf(verdict), latencyMs ?? Number.NaN],
      (this.#count % LOOKS_MAX) * COLUMNS,
    );
    this.#count += 1;
  }

  /** All that are kept. */
  looks(): readonly Look[] {
    const kept = Math.min(this.#count, LOOKS_MAX);
    return Array.from({ length: kept }, (_, index) => this.#look(this.#count - kept + index));
  }

  #look(number: number): Look {
    const start = (number % LOOKS_MAX) * COLUMNS;
    const [at = 0, verdict = 0, latencyMs = Number.NaN] = this.#numbers.subarray(start, start + COLUMNS);
    return {
      at,
      verdict: VERDICTS[verdict] ?? 'unknown',
      latencyMs: Number.isNaN(latencyMs) ? null : latencyMs,
    };
  }
}
