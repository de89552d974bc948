/** Texts that are kept; when there are more, it begins anew. */
const TEXTS_MAX = 1_000;
/** Longer ones are seldom the same, UTF-16 units. */
const LENGTH_MAX = 512;

/**
 * One copy of what comes again and again: names of alerts and jobs, the address of a rule. Ten thousand open incidents
 * of one rule would hold each of them ten thousand times.
 */
export class KnownTexts {
  readonly #known = new Map<string, string>();

  /** The same text, and where it is known the copy that is there already. */
  of(text: string): string {
    if (text.length > LENGTH_MAX) return text;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= TEXTS_MAX) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
