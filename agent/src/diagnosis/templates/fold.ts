import { HOLE } from './mask.ts';
import { isSign, templateText, tokenize } from './tokens.ts';
import { isVariable } from './variable.ts';

/** Lines that had the same mask. */
export type Kind = { readonly mask: string; readonly count: number };

/** A template, and the kinds of line that are of it. */
export type Fold<K extends Kind> = {
  readonly text: string;
  readonly mask: string;
  readonly members: readonly K[];
};

/** Rounds after which folding ends, also when a further one would fold more; two or three do. */
const ROUNDS_MAX = 6;

type Draft<K> = {
  readonly words: readonly string[];
  readonly spaced: readonly boolean[];
  readonly members: readonly K[];
  readonly count: number;
};

/**
 * Folds kinds of line into templates, with what all of them together show: a word is a value when the same line is
 * seen with many others in its place. The result depends on the set of kinds and their counts alone, not on their
 * order, but for the order of the result, which is that of the first member.
 */
export function fold<K extends Kind>(kinds: readonly K[]): Fold<K>[] {
  const shapes = new Map<string, Draft<K>[]>();
  for (const kind of kinds) {
    const { words, spaced, shape } = tokenize(kind.mask);
    const draft = { words, spaced, members: [kind], count: kind.count };
    const alike = shapes.get(shape);
    if (alike === undefined) shapes.set(shape, [draft]);
    else alike.push(draft);
  }
  const order = new Map(kinds.map((kind, index) => [kind, index]));
  const first = ({ members }: Fold<K>) => Math.min(...members.map((kind) => order.get(kind) ?? 0));
  return byText([...shapes.values()].flatMap(foldAlike)).toSorted((one, other) => first(one) - first(other));
}

/** Folds lines of the same shape until nothing more can be folded. */
function foldAlike<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  let current = drafts;
  for (let round = 0; round < ROUNDS_MAX && current.length > 1; round += 1) {
    const next = merge(foldOnce(current));
    if (next.length === current.length) break;
    current = next;
  }
  return current;
}

/** Opens a hole at each place where lines that are otherwise the same have words that look like values. */
function foldOnce<K>(drafts: readonly Draft<K>[]): Draft<K>[] {
  const width = drafts[0]?.words.length ?? 0;
  const holes = drafts.map(() => new Set<number>());
  for (let at = 0; at < width; at += 1) {
    if (isSign(drafts[0]?.words[at] ?? '')) continue;
    for (const group of otherwiseSame(drafts, at)) {
      const values = new Set(group.map((index) => drafts[index]?.words[at] ?? ''));
      if (values.size < 2) continue;
      const sample = drafts[group[0] ?? 0];
      if (sample === undefined || !isVariable(values, sample.words, at)) continue;
      for (const index of group) holes[index]?.add(at);
    }
  }
  return drafts.map((draft, index) => {
    const open = holes[index];
    if (open === undefined || open.size === 0) return draft;
    return { ...draft, words: draft.words.map((word, at) => (open.has(at) ? HOLE : word)) };
  });
}

/** Indices of drafts, grouped by all their words but one. */
function otherwiseSame<K>(drafts: readonly Draft<K>[], at: number): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, { words }] of drafts.entries()) {
    const key = words.with(at, '').join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function merge<K>(drafts: readonly Draft<K>[]): Draft<K>[] {
  const same = new Map<string, Draft<K>>();
  for (const draft of drafts) {
    const key = draft.words.join('\n');
    const before = same.get(key);
    if (before === undefined) same.set(key, draft);
    else {
      const members = [...before.members, ...draft.members];
      same.set(key, { ...before, members, count: before.count + draft.count });
    }
  }
  return [...same.values()];
}

/** One template for all that read the same: a value may have been several words in one line and one in another. */
function byText<K extends Kind>(drafts: readonly Draft<K>[]): Fold<K>[] {
  const folds = new Map<string, { text: string; mask: string; members: K[] }>();
  for (const draft of drafts) {
    const text = templateText(draft);
    const before = folds.get(text);
    if (before === undefined) folds.set(text, { text, mask: maskOf(draft), members: [...draft.members] });
    else before.members.push(...draft.members);
  }
  return [...folds.values()];
}

function maskOf({ words, spaced }: Pick<Draft<unknown>, 'words' | 'spaced'>): string {
  return words.map((word, at) => `${spaced[at] === true && at > 0 ? ' ' : ''}${word}`).join('');
}
