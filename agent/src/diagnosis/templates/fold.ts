import type { Draft } from './draft.ts';
import { foldChunks } from './foldChunks.ts';
import { foldPairs } from './foldPairs.ts';
import { foldWords } from './foldWords.ts';
import { maskText, templateText, tokenize } from './tokens.ts';

/** Lines that had the same mask. */
export type Kind = { readonly mask: string; readonly count: number };

/** A template, and the kinds of line that are of it. */
export type Fold<K extends Kind> = {
  readonly text: string;
  /** The mask that a line with nothing but values in the holes would have. */
  readonly mask: string;
  readonly members: readonly K[];
};

/**
 * Folds kinds of line into templates, with what all of them together show: a word is a value when the same line is
 * seen with many others in its place. Which kinds come together depends on them and their counts, not on their order;
 * the templates come in the order of their first members.
 */
export function fold<K extends Kind>(kinds: readonly K[]): Fold<K>[] {
  const read = kinds.map((kind) => ({ kind, ...tokenize(kind.mask) }));
  const shapes = Map.groupBy(read, ({ shape }) => shape);
  const drafts = [...shapes.values()].flatMap((alike) =>
    foldWords(
      alike.map(
        ({ kind, words, spaced }): Draft<K> => ({ words, spaced, members: [kind], lines: kind.count }),
      ),
    ),
  );
  const order = new Map(kinds.map((kind, index) => [kind, index]));
  return foldChunks(foldPairs(drafts))
    .map(({ members, ...draft }) => ({
      text: templateText(draft),
      mask: maskText(draft),
      members: members.toSorted((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0)),
    }))
    .toSorted((one, other) => rank(order, one) - rank(order, other));
}

function rank<K extends Kind>(order: ReadonlyMap<K, number>, { members: [first] }: Fold<K>): number {
  return first === undefined ? 0 : (order.get(first) ?? 0);
}
