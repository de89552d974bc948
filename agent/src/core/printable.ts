/**
 * Text from outside (labels, log lines, names) as it may be shown: everything that a terminal or a log viewer
 * would act on, or that would make text read other than it is, becomes a visible escape.
 */

/** Longest text that is shown in one sentence, in UTF-16 units. */
const SHOWN_MAX = 1_000;

/**
 * Control characters (C0, DEL, C1: escape sequences begin with one of them), line and paragraph separators, lone
 * surrogates, and whatever is not seen: the zero-width and the bidirectional formatting characters, fillers, tags,
 * variation selectors (but the one that makes an emoji an emoji). Of combining marks in a row the first four stay: a
 * hundred of them would cover the lines above and below.
 */
const UNSAFE =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]|\p{M}(?<=\p{M}{5})/gu;

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
