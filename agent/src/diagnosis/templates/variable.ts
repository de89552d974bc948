import { HOLE } from './mask.ts';

/** From how many different words on a place is a value's. */
const LEAST = { first: 12, announced: 3, value: 4, identifier: 4, state: 10, plain: 6 } as const;

/** Words that are followed by the name of something. */
const ANNOUNCING = new Set(
  (
    'user username login account group host hostname server client node peer device interface driver file path dir ' +
    'directory table database db topic queue job task thread process pid service container image pod volume name ' +
    'named id key session domain instance worker module package class'
  ).split(' '),
);
const SWITCHES = new Set(
  'true false yes no on off enabled disabled enable disable TRUE FALSE YES NO ON OFF'.split(' '),
);

/** Whether the words that stand at one place of lines which are otherwise the same are values. */
export function isVariable(values: ReadonlySet<string>, words: readonly string[], at: number): boolean {
  const seen = [...values].filter((word) => word !== HOLE);
  const hasHole = seen.length < values.size;
  if (seen.some((word) => !/[\p{L}\p{N}]/u.test(word))) return false;
  if (sameStem(seen)) return true;
  if (seen.every((word) => SWITCHES.has(word))) return false;
  const least = leastOf(seen, words, at);
  return values.size >= (hasHole ? Math.max(2, Math.ceil(least / 2)) : least);
}

function leastOf(seen: readonly string[], words: readonly string[], at: number): number {
  if (seen.every(isIdentifier)) return at === 0 ? LEAST.first / 2 : LEAST.identifier;
  if (at === 0) return LEAST.first;
  const before = words[at - 1] ?? '';
  if (seen.every((word) => /^[A-Z][A-Z0-9_]+$/u.test(word))) return LEAST.state;
  if (before === '=') return LEAST.value;
  if (ANNOUNCING.has(before.toLowerCase())) return LEAST.announced;
  return LEAST.plain;
}

/** Whether a word is a name that a program gave, not one of a language. */
function isIdentifier(word: string): boolean {
  return /[\p{L}\p{N}][._/@\\$-][\p{L}\p{N}]|\p{Ll}\p{Lu}|\p{L}\d/u.test(word);
}

/** `eth0` and `eth1` differ in a number alone. */
function sameStem(words: readonly string[]): boolean {
  const stems = new Set(words.map((word) => word.replace(/\d+$/u, '')));
  return stems.size === 1 && words.every((word) => /\d$/u.test(word));
}
