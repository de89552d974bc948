import { HOLE } from './characters.ts';

/** Most tokens of a line that are told apart; what follows is one value. */
const TOKENS_MAX = 128;

/** A mask taken apart: words, signs and holes, and whether a blank stands before each. */
export type Tokens = {
  readonly words: readonly string[];
  readonly spaced: readonly boolean[];
  /** The signs and blanks alone: lines that differ in it are not compared. */
  readonly shape: string;
};

const SIGNS = new Set(['=', ':', ',', ';', '(', ')', '[', ']', '{', '}', '<', '>', '"', "'", '..']);

/** A hole, two dots, a sign, or a word. */
const TOKEN = /\p{Cc}|\.\.|[=:,;()[\]{}<>"']|(?:(?!\.\.)[^=:,;()[\]{}<>"'\s\p{Cc}])+/gu;

/** Longest part of a list that is seen to be repeated, in tokens. */
const REPEATED_MAX = 6;

/** Takes a mask apart. Of a list, as far as its parts are the same, one part is kept. */
export function tokenize(mask: string): Tokens {
  const words: string[] = [];
  const spaced: boolean[] = [];
  for (const { 0: word, index } of mask.matchAll(TOKEN)) {
    if (words.length === TOKENS_MAX) {
      words.push(HOLE);
      spaced.push(true);
      break;
    }
    words.push(word);
    spaced.push(mask[index - 1] === ' ');
    const repeated = repeatedAtEnd(words);
    words.length -= repeated;
    spaced.length -= repeated;
  }
  return { words, spaced, shape: words.map((word) => (SIGNS.has(word) ? word : 'w')).join('') };
}

/** How many of the last words are the ones before again, with a value among them. */
function repeatedAtEnd(words: readonly string[]): number {
  const end = words.length;
  for (let size = 1; size <= REPEATED_MAX && 2 * size <= end; size += 1) {
    let same = 0;
    let holes = 0;
    while (same < size && words[end - 1 - same] === words[end - 1 - same - size]) {
      if (words[end - 1 - same] === HOLE) holes += 1;
      same += 1;
    }
    if (same === size && holes > 0) return size;
  }
  return 0;
}

/** Whether a token is a sign, which never varies. */
export function isSign(word: string): boolean {
  return SIGNS.has(word);
}

/** The words with their blanks; what `tokenize` takes apart again. */
export function maskText({ words, spaced }: Pick<Tokens, 'words' | 'spaced'>): string {
  return words.map((word, at) => (spaced[at] === true && at > 0 ? ` ${word}` : word)).join('');
}

/** The text that people read: holes are written `<*>`, and holes beside each other as one. */
export function templateText({ words, spaced }: Pick<Tokens, 'words' | 'spaced'>): string {
  let text = '';
  for (const [index, word] of words.entries()) {
    if (word === HOLE && words[index - 1] === HOLE) continue;
    text += `${spaced[index] === true && text !== '' ? ' ' : ''}${word === HOLE ? '<*>' : word}`;
  }
  return text;
}
