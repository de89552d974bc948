/** Shorter words are in too many lines to tell anything. */
const WORD_MIN = 3;

/** What an expression needs: at least one of these words is in every text that it matches, in lower case. */
export type RequiredWords = readonly string[];

type Reader = { readonly text: string; at: number };

/**
 * The words of which at least one is in every text that the expression matches, in lower case; `null` where there are
 * none that can be told. It errs on the side of `null`: an expression with none is tried on every line.
 *
 * @param expression RE2 that compiles.
 */
export function requiredWords(expression: string): RequiredWords | null {
  const reader = { text: expression, at: 0 };
  const words = alternatives(reader);
  return reader.at < expression.length ? null : words;
}

/** `a|b|c` up to the end or a closing bracket: each alternative has to have words. */
function alternatives(reader: Reader): RequiredWords | null {
  const found: (RequiredWords | null)[] = [sequence(reader)];
  while (reader.text[reader.at] === '|') {
    reader.at += 1;
    found.push(sequence(reader));
  }
  return found.every((words) => words !== null) ? found.flat() : null;
}

/** One thing after the other: all of it has to be there, so that the most telling part is enough. */
function sequence(reader: Reader): RequiredWords | null {
  const candidates: RequiredWords[] = [];
  let word = '';
  const endWord = () => {
    if (word.length >= WORD_MIN) candidates.push([word]);
    word = '';
  };
  while (reader.at < reader.text.length && !'|)'.includes(reader.text.charAt(reader.at))) {
    const literal = literalAt(reader);
    const inner = literal === null ? part(reader) : null;
    const count = quantifier(reader);
    if (literal !== null && count !== 'optional') word += literal;
    if (literal === null || count !== 'once') endWord();
    if (inner !== null && count !== 'optional') candidates.push(inner);
  }
  endWord();
  return candidates.reduce<RequiredWords | null>(
    (best, words) => (best === null || shortest(words) > shortest(best) ? words : best),
    null,
  );
}

/** A character that stands for itself, in lower case; `null` and nothing read where there is something else. */
function literalAt(reader: Reader): string | null {
  const character = reader.text.charAt(reader.at);
  if ('.[(^$'.includes(character)) return null;
  if (character !== '\\') {
    reader.at += 1;
    return character.toLowerCase();
  }
  const next = reader.text.charAt(reader.at + 1);
  if (/[A-Za-z0-9]/.test(next)) return null;
  reader.at += 2;
  return next;
}

/** Whatever is no literal: a class, an anchor, a group. Of a group the words that it needs. */
function part(reader: Reader): RequiredWords | null {
  const { text } = reader;
  switch (text.charAt(reader.at)) {
    case '[':
      skipClass(reader);
      return null;
    case '(': {
      const flags = /^\(\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+\))?/.exec(text.slice(reader.at, reader.at + 80));
      const opening = flags?.[0] ?? '(';
      reader.at += opening.length;
      if (opening.endsWith(')')) return null;
      const words = alternatives(reader);
      reader.at += 1; // The closing bracket: the expression compiles.
      return words;
    }
    case '\\':
      skipEscape(reader);
      return null;
    default:
      reader.at += 1;
      return null;
  }
}

function skipClass(reader: Reader): void {
  const { text } = reader;
  reader.at += 1;
  if (text[reader.at] === '^') reader.at += 1;
  let first = true;
  while (reader.at < text.length && (first || text[reader.at] !== ']')) {
    first = false;
    if (text[reader.at] === '\\') reader.at += 2;
    else if (text.startsWith('[:', reader.at)) reader.at = text.indexOf(':]', reader.at) + 2;
    else reader.at += 1;
  }
  reader.at += 1;
}

/** `\d`, `\b`, `\pL`, `\p{Greek}`, `\x41`, `\x{10FFFF}`, `\Q...\E`. */
function skipEscape(reader: Reader): void {
  const rest = reader.text.slice(reader.at);
  const long = /^\\(?:[pPx]\{[^}]*\}|x..|[pP].|Q[\s\S]*?(?:\\E|$)|[0-7]{1,3})/.exec(rest);
  reader.at += long?.[0].length ?? 2;
}

/** How often what stands before it comes: `*`, `?`, `{0,}` may leave it out. */
function quantifier(reader: Reader): 'once' | 'repeated' | 'optional' {
  const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(reader.text.slice(reader.at, reader.at + 20));
  if (found === null) return 'once';
  reader.at += found[0].length;
  return '*?'.includes(found[0].charAt(0)) || found[1] === '0' ? 'optional' : 'repeated';
}

function shortest(words: RequiredWords): number {
  return Math.min(...words.map(({ length }) => length));
}
