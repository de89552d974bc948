import { type Draft, merge, withHoles } from './draft.ts';
import { OtherwiseSame } from './otherwiseSame.ts';
import { isSign } from './tokens.ts';
import { isVariable } from './variable.ts';

/** Rounds after which folding ends, also when a further one would fold more; two or three do. */
const ROUNDS_MAX = 6;

/** Folds lines of the same shape: opens holes in place of words that are values, until there is none. */
export function foldWords<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  let current = drafts;
  for (let round = 0; round < ROUNDS_MAX && current.length > 1; round += 1) {
    const next = merge(foldOnce(current), ({ words }) => words.join('\n'));
    if (next.length === current.length) break;
    current = next;
  }
  return current;
}

function foldOnce<K>(drafts: readonly Draft<K>[]): Draft<K>[] {
  const sample = drafts[0]?.words ?? [];
  const same = new OtherwiseSame(drafts.map(({ words }) => words));
  const holes = drafts.map(() => new Set<number>());
  for (let at = 0; at < sample.length; at += 1) {
    if (isSign(sample[at] ?? '')) continue;
    for (const group of same.at(at)) {
      const words = drafts[group[0] ?? 0]?.words ?? [];
      const seen = new Set(group.map((index) => drafts[index]?.words[at] ?? ''));
      if (seen.size < 2 || !isVariable(seen, words, at)) continue;
      for (const index of group) holes[index]?.add(at);
    }
  }
  return drafts.map((draft, index) => withHoles(draft, holes[index] ?? new Set()));
}
