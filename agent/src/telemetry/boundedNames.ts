/** What stands for every name over the limit. */
export const OTHER = 'other';

/**
 * Keeps the values of a label few: names come from configuration and discovery, and each new one is a new series
 * for Prometheus to keep. What is over the limit is counted together as `other`.
 */
export class BoundedNames {
  readonly #max: number;
  readonly #known = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  of(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#max) return OTHER;
    this.#known.add(name);
    return name;
  }

  forget(name: string): void {
    this.#known.delete(name);
  }
}
