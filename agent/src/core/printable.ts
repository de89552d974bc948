/**
 * Text from outside (labels, log lines, names) as it may be shown: everything that a terminal or a log viewer
 * would act on, or that would make text read other than it is, becomes a visible escape.
 */

/** Longest text that is shown in one sentence, in UTF-16 units. */
const SHOWN_MAX = 1_000;

/**
 * Control characters (C0, DEL, C1: escape sequences begin with one of them), line and paragraph separators, the
 * zero-width and the bidirectional formatting characters, the byte order mark, tags, and lone surrogates.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** The text with every character that is not safe to show written as `\u001b`. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** One line, safe to show, and cut to a length that can be read. */
export function printable(text: string, maxLength: number = SHOWN_MAX): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return escapeUnsafe(cut);
}

function escapeCharacter(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
