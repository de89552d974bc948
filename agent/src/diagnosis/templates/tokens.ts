import { HOLE } from './mask.ts';

/** Most tokens of a line that are told apart; what follows is one value. */
export const TOKENS_MAX = 256;

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

/** Takes a mask apart. */
export function tokenize(mask: string): Tokens {
  const words: string[] = [];
  const spaced: boolean[] = [];
  let shape = '';
  for (const { 0: word, index } of mask.matchAll(TOKEN)) {
    if (words.length === TOKENS_MAX) {
      words.push(HOLE);
      spaced.push(true);
      break;
    }
    words.push(word);
    spaced.push(mask[index - 1] === ' ');
    shape += SIGNS.has(word) ? word : 'w';
  }
  return { words, spaced, shape };
}

/** Whether a token is a sign, which never varies. */
export function isSign(word: string): boolean {
  return SIGNS.has(word);
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
