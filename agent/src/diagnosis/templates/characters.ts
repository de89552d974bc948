/** Characters by their code, and what kind of character each is. */

/** Longest part of a line that is looked at, in UTF-16 units; what follows is a value. */
export const LINE_MAX = 4_096;
/** Stands for a value. No line can contain it: control characters are not taken over. */
export const HOLE = '\u0001';

export const CODE = {
  hole: 1,
  escape: 27,
  space: 32,
  quote: 34,
  apostrophe: 39,
  open: 40,
  close: 41,
  star: 42,
  comma: 44,
  dot: 46,
  slash: 47,
  colon: 58,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  at: 64,
  openSquare: 91,
  backslash: 92,
  openCurly: 123,
} as const;

/** What a character is; more than one bit can be set. */
export const BLANK = 1;
export const DIGIT = 2;
export const LETTER = 4;
/** Ends a word and is a token of its own. */
export const DELIMITER = 8;
/** Two values on both sides of it are one value: `10.0.0.1:80`, `1,2,3`, `12:30`. */
export const JOINER = 16;
export const BRACKET = 32;

const KINDS = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  if (code <= CODE.space || code === 127) KINDS[code] = BLANK;
  else if (code >= 48 && code <= 57) KINDS[code] = DIGIT;
  else if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) KINDS[code] = LETTER;
}
for (const sign of '=;<>"\'') KINDS[sign.charCodeAt(0)] = DELIMITER;
for (const sign of '()[]{}') KINDS[sign.charCodeAt(0)] = DELIMITER | BRACKET;
for (const sign of ':,') KINDS[sign.charCodeAt(0)] = DELIMITER | JOINER;
for (const sign of '-/#.') KINDS[sign.charCodeAt(0)] = JOINER;

/** The kind of a character; beyond ASCII all are letters. */
export function kindOf(code: number): number {
  return code < 128 ? (KINDS[code] ?? 0) : LETTER;
}

/** Whether a character is of one of the kinds. */
export function isOf(code: number, kinds: number): boolean {
  return (kindOf(code) & kinds) !== 0;
}

/** Whether it is a letter from A to F. */
export function isHexLetter(code: number | undefined): boolean {
  return code !== undefined && (code | 32) >= 97 && (code | 32) <= 102;
}

/** Whether a bracket opens. */
export function opens(bracket: number): boolean {
  return bracket === CODE.open || bracket === CODE.openSquare || bracket === CODE.openCurly;
}
