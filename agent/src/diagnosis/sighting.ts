import type { CausePattern } from '../causePattern.ts';
import type { Cause, Citation } from '../core/diagnosis.ts';

/** Citations of one cause: the newest lines; nobody reads more. */
const CITATIONS_MAX = 5;
/** So many lines, and so many instances or kinds of evidence, make a cause surer. */
const OFTEN = 3;
const VERY_OFTEN = 10;
/** Shares of what is missing to certainty that is gained by each. */
const GAIN_OFTEN = 0.1;
const GAIN_VERY_OFTEN = 0.2;
const GAIN_AGREED = 0.2;
/** What a service has lived with for minutes is hardly why it failed. */
const OUTLIVED_WEIGHT = 0.8;
/** Nothing is certain. */
const CONFIDENCE_MAX = 0.99;

type Seen = { readonly item: number; readonly line: number; readonly citation: Citation };

/** Where one pattern was seen in the evidence, and how sure that makes its cause. */
export class Sighting {
  readonly pattern: CausePattern;
  readonly #seen: Seen[] = [];
  readonly #witnesses = new Set<string>();
  #count = 0;
  #weight = 0;
  #outlived = false;

  constructor(pattern: CausePattern) {
    this.pattern = pattern;
  }

  /** @param witness What agrees with others when it says the same: a kind of evidence of one instance. */
  add(seen: Seen, weight: number, witness: string): void {
    this.#count += 1;
    this.#weight = Math.max(this.#weight, weight);
    this.#witnesses.add(witness);
    if (this.#seen.length < CITATIONS_MAX) this.#seen.push(seen);
  }

  /** It was written, too, minutes before the end, and the service went on. */
  outlive(): void {
    this.#outlived = true;
  }

  get counts(): boolean {
    return this.#weight > 0;
  }

  toCause(): Cause {
    const { name, group, cause, restartHelps, remedy } = this.pattern;
    return {
      id: name,
      group,
      summary: cause,
      restartHelps,
      confidence: Math.round(this.#confidence() * 1_000) / 1_000,
      citations: this.#seen
        .toSorted((one, other) => one.item - other.item || one.line - other.line)
        .map(({ citation }) => citation),
      remedy,
    };
  }

  #confidence(): number {
    const alone = this.pattern.confidence * this.#weight * (this.#outlived ? OUTLIVED_WEIGHT : 1);
    // What has been there for long is no surer for being there often.
    if (this.#outlived) return alone;
    const repeated = this.#count >= VERY_OFTEN ? GAIN_VERY_OFTEN : this.#count >= OFTEN ? GAIN_OFTEN : 0;
    const agreed = this.#witnesses.size > 1 ? GAIN_AGREED : 0;
    return Math.min(1 - (1 - alone) * (1 - repeated) * (1 - agreed), CONFIDENCE_MAX);
  }
}
