import { HOLE } from './characters.ts';
import { isSign } from './tokens.ts';
import { ANNOUNCING } from './vocabulary.ts';

/**
 * From how many different words on, seen in one place of lines that are otherwise the same, they are values. Fewer are
 * as likely different messages: `Link up` and `Link down`. Chosen by trial on logs of many systems; see docs/decisions.
 */
const LEAST = {
  /** The first word of a message says what it is; a name in front of a long message does not. */
  first: 12,
  firstIdentifier: 8,
  /** After `user`, `host`, ..., in quotes, or before a number in parentheses (`worker(17)`). */
  announced: 3,
  /** After an equals sign, or between a colon and a comma. */
  value: 5,
  /** Names that a program gave: `com.example.Sync`, `db-primary`. */
  identifier: 4,
  /** `RUNNING`, `CONNECTION_LOST`: states are few, but each of them matters. */
  state: 10,
  plain: 6,
} as const;
/** Other words from which on a message is long. */
const LONG = 5;
/** Added to it where no more than one other word would be left to say what the message is. */
const LONELY = 2;

/** What a switch can be: each position of it is a message of its own. */
const SWITCHES = new Set('true false yes no on off enabled disabled up down'.split(' '));

/** What was seen at one place of lines that are otherwise the same. */
type Place = {
  /** The different words, and `HOLE` if some of the lines have a value there already. */
  readonly seen: ReadonlySet<string>;
  /** How many lines there were. */
  readonly lines: number;
  /** One of them. */
  readonly words: readonly string[];
  readonly at: number;
};
type Candidate = Place & {
  readonly values: readonly string[];
  /** How many other words there are. */
  readonly others: number;
};

/**
 * Whether the words that stand at one place of lines which are otherwise the same are values.
 * The more lines were seen, the more words it takes: a few that come again and again are a closed set.
 */
export function isVariable({ seen, lines, words, at }: Place): boolean {
  const values = [...seen].filter((word) => word !== HOLE);
  if (values.some((word) => !/[\p{L}\p{N}]/u.test(word))) return false;
  const others = words.filter((word, index) => index !== at && word !== HOLE && !isSign(word)).length;
  if (others === 0) return false;
  if (sameStem(values)) return true;
  if (values.every((word) => SWITCHES.has(word.toLowerCase()))) return false;
  const least = leastOf({ seen, values, lines, words, at, others }) + (others === 1 ? LONELY : 0);
  return seen.size >= (seen.has(HOLE) ? Math.max(2, Math.ceil(least / 2)) : least);
}

/** Whether a word is likely a name, by how it is written or by what stands beside it. */
export function isName(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  if (word === HOLE || isSign(word)) return false;
  return /\p{L}\.\p{L}/u.test(word) || isAnnounced(words, at);
}

function leastOf({ seen, values, lines, words, at, others }: Candidate): number {
  const open = seen.has(HOLE) ? 0 : Math.ceil(Math.log2(lines));
  const isNamed = values.every(isIdentifier);
  if (at === 0 && others < LONG) return Math.max(open, isNamed ? LEAST.firstIdentifier : LEAST.first);
  if (isAnnounced(words, at)) return LEAST.announced;
  if (isNamed) return LEAST.identifier;
  if (at === 0) return Math.max(open, LEAST.first);
  if (values.every((word) => /^\p{Lu}[\p{Lu}\d_]+$/u.test(word))) return Math.max(open, LEAST.state);
  const isValue =
    words[at - 1] === '=' || isPair(words, at - 1) || (words[at - 1] === ':' && isEnd(words[at + 1]));
  return Math.max(open, isValue ? LEAST.value : LEAST.plain);
}

function isAnnounced(words: readonly string[], at: number): boolean {
  const [before, after] = [words[at - 1] ?? '', words[at + 1] ?? ''];
  if ((before === '"' || before === "'") && before === after) return !isPair(words, at - 1);
  if (after === '(' && words[at + 2] === HOLE && words[at + 3] === ')') return true;
  return ANNOUNCING.has((before === ':' ? (words[at - 2] ?? '') : before).toLowerCase());
}

/** Whether a quote stands after a key: `"level":"info"`, `level="info"`. */
function isPair(words: readonly string[], quote: number): boolean {
  const isQuote = words[quote] === '"' || words[quote] === "'";
  return isQuote && (words[quote - 1] === ':' || words[quote - 1] === '=');
}

function isEnd(word: string | undefined): boolean {
  return word === undefined || word === ',' || word === ';';
}

/** Whether a word is a name that a program gave, not one of a language. */
function isIdentifier(word: string): boolean {
  return /[\p{L}\p{N}][._/@\\$-][\p{L}\p{N}]|\p{L}\d/u.test(word) && /\p{Ll}/u.test(word);
}

/** `eth0` and `eth1` differ in a number alone; `IPV4` and `IPV6` do not. */
function sameStem(words: readonly string[]): boolean {
  const stems = new Set(words.map((word) => word.replace(/\d+$/u, '')));
  return stems.size === 1 && words.every((word) => /^\p{Ll}+\d+$/u.test(word));
}
