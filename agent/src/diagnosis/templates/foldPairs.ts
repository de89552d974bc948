import { HOLE } from './characters.ts';
import type { Draft } from './draft.ts';
import { isSign } from './tokens.ts';

/** Different keys after the same words, from which on any key may stand there. */
const KEYS_MIN = 4;
/** Words that must stand before the key for two messages to be told the same by them. */
const WORDS_MIN = 2;

/**
 * Folds what lists settings one a line (`environment: java.home=/usr/lib/jvm`): where many keys were seen after the same
 * words, other keys are of it too, and their values may be of any number of words.
 */
export function foldPairs<K>(drafts: readonly Draft<K>[]): readonly Draft<K>[] {
  const lists = drafts.filter(isList);
  if (lists.length === 0) return drafts;
  return drafts.map((draft) => {
    const list = lists.find((known) => known !== draft && isPairOf(known, draft));
    return list === undefined ? draft : { ...draft, words: list.words, spaced: list.spaced };
  });
}

function isList<K>({ words, members }: Draft<K>): boolean {
  const before = words.slice(0, -3);
  const [key, sign, value] = words.slice(-3);
  return (
    members.length >= KEYS_MIN &&
    key === HOLE &&
    sign === '=' &&
    value === HOLE &&
    before.filter((word) => word !== HOLE && !isSign(word)).length >= WORDS_MIN
  );
}

function isPairOf<K>(list: Draft<K>, { words }: Draft<K>): boolean {
  const at = list.words.length - 3;
  return (
    words.length > at + 1 &&
    words[at + 1] === '=' &&
    !isSign(words[at] ?? '') &&
    list.words.slice(0, at).every((word, index) => word === words[index])
  );
}
