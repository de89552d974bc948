import { HOLE } from './characters.ts';
import { type Draft, merge, withHoles } from './draft.ts';
import { OtherwiseSame } from './otherwiseSame.ts';
import { isSign } from './tokens.ts';
import { isName, isVariable } from './variable.ts';

/** Rounds after which folding ends, also when a further one would fold more; two or three do. */
const ROUNDS_MAX = 6;

/** Folds lines of the same shape: opens holes in place of words that are values, until there is none. */
export function foldWords<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  let current = drafts;
  for (let round = 0; round < ROUNDS_MAX && current.length > 1; round += 1) {
    const alone = merge(openAlone(current), keyOf);
    const next = alone.length < current.length ? alone : merge(openTogether(current), keyOf);
    if (next.length === current.length) break;
    current = next;
  }
  return current;
}

function keyOf({ words }: Draft<unknown>): string {
  return words.join('\n');
}

/** Opens holes where lines differ in one word alone. */
function openAlone<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  const width = drafts[0]?.words.length ?? 0;
  const same = new OtherwiseSame(drafts.map(({ words }) => words));
  return open(drafts, (holes) => {
    for (let at = 0; at < width; at += 1) {
      if (isSign(drafts[0]?.words[at] ?? '')) continue;
      for (const group of same.at(at)) openAt(drafts, group, at, holes);
    }
  });
}

/**
 * Opens holes where lines differ in several words that all look like names: a name that changes with another one is
 * not seen with many others while that one stays.
 */
function openTogether<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  const names = drafts.map(({ words }) => words.map((_, at) => isName(words, at)));
  const groups = Map.groupBy(drafts.keys(), (index) =>
    drafts[index]?.words.map((word, at) => (names[index]?.[at] === true ? HOLE : word)).join('\n'),
  );
  return open(drafts, (holes) => {
    for (const group of groups.values()) {
      const places = names[group[0] ?? 0] ?? [];
      if (group.length < 2) continue;
      // Not the first word: it says what the message is, if it says anything beside so many names.
      for (const [at, isPlace] of places.entries()) if (isPlace && at > 0) openAt(drafts, group, at, holes);
    }
  });
}

type Holes = readonly Set<number>[];

function open<K>(drafts: readonly Draft<K>[], fill: (holes: Holes) => void): readonly Draft<K>[] {
  const holes = drafts.map(() => new Set<number>());
  fill(holes);
  return drafts.map((draft, index) => withHoles(draft, holes[index] ?? new Set()));
}

function openAt<K>(drafts: readonly Draft<K>[], group: readonly number[], at: number, holes: Holes): void {
  const words = drafts[group[0] ?? 0]?.words ?? [];
  const seen = new Set(group.map((index) => drafts[index]?.words[at] ?? ''));
  const lines = group.reduce((sum, index) => sum + (drafts[index]?.lines ?? 0), 0);
  if (seen.size < 2 || !isVariable({ seen, lines, words, at })) return;
  for (const index of group) holes[index]?.add(at);
}
