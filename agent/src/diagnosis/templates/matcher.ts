import { HOLE } from './characters.ts';
import { tokenize } from './tokens.ts';

type Entry<K> = { readonly kind: K; readonly words: readonly string[]; readonly holes: number };

/** Finds the kind, of those with holes in place of words, that a line's mask is of. */
export class Matcher<K extends { readonly mask: string }> {
  readonly #byShape: ReadonlyMap<string, readonly Entry<K>[]>;

  constructor(kinds: readonly K[]) {
    const entries = kinds.map((kind) => {
      const { words, shape } = tokenize(kind.mask);
      return { kind, words, shape, holes: words.filter((word) => word === HOLE).length };
    });
    // The one with the fewest holes says most; it is tried first.
    this.#byShape = Map.groupBy(
      entries.toSorted((one, other) => one.holes - other.holes),
      ({ shape }) => shape,
    );
  }

  /** The most specific kind that has at each place the same word, or a hole. */
  find(mask: string): K | undefined {
    if (this.#byShape.size === 0) return undefined;
    const { words, shape } = tokenize(mask);
    const entry = this.#byShape
      .get(shape)
      ?.find((known) => known.words.every((word, at) => word === HOLE || word === words[at]));
    return entry?.kind;
  }

  /** Another matcher that knows more kinds, and of the ones before those that are still kept. */
  with(more: readonly K[], isKept: (kind: K) => boolean): Matcher<K> {
    const before = [...this.#byShape.values()].flat().map(({ kind }) => kind);
    return new Matcher([...new Set([...before, ...more])].filter(isKept));
  }
}
