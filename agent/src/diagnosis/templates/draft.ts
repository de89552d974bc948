import { HOLE } from './characters.ts';
import type { Tokens } from './tokens.ts';

/** A template while it is made: its words so far, and the kinds of line that were folded into it. */
export type Draft<K> = Pick<Tokens, 'words' | 'spaced'> & {
  readonly members: readonly K[];
  /** How many lines were of these kinds. */
  readonly lines: number;
};

/** Drafts with the same words become one. */
export function merge<K>(drafts: readonly Draft<K>[], keyOf: (draft: Draft<K>) => string): Draft<K>[] {
  const groups = Map.groupBy(drafts, keyOf);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    if (group.length === 1) return [first];
    const lines = group.reduce((sum, draft) => sum + draft.lines, 0);
    return [{ ...first, lines, members: group.flatMap(({ members }) => members) }];
  });
}

/** The draft with holes at some places. */
export function withHoles<K>(draft: Draft<K>, at: ReadonlySet<number>): Draft<K> {
  if (at.size === 0) return draft;
  return { ...draft, words: draft.words.map((word, index) => (at.has(index) ? HOLE : word)) };
}
