import { BLANK, BRACKET, CODE, DELIMITER, DIGIT, isOf, kindOf, LETTER, opens } from './characters.ts';
import { SIZES, TIMES } from './vocabulary.ts';

/** How far into a line values reach. Each takes the line, where to look, and the end of the part that is read. */

/** Longest quoted or bracketed value after an equals sign, in UTF-16 units. */
const VALUE_MAX = 256;

/** Where a quote is closed, or -1; one after a backslash is a part of the value. */
export function closingQuote(line: string, at: number, end: number): number {
  const quote = line.charCodeAt(at);
  const limit = Math.min(end, at + VALUE_MAX);
  for (let next = at + 1; next < limit; next += 1) {
    const code = line.charCodeAt(next);
    if (code === CODE.backslash) next += 1;
    else if (code === quote) return next;
  }
  return -1;
}

/**
 * Where a bracket that opens here ends a value (`{10113}` in `WorkSource{10113}`), or -1: it closes before a blank, and
 * has a digit in it or before, or a qualified name.
 */
export function bracketEnd(line: string, at: number, end: number, hasDigitBefore: boolean): number {
  if (at >= end || !isOf(line.charCodeAt(at), BRACKET)) return -1;
  let [depth, isValue] = [0, hasDigitBefore];
  const limit = Math.min(end, at + VALUE_MAX);
  for (let next = at; next < limit; next += 1) {
    const code = line.charCodeAt(next);
    const kind = kindOf(code);
    if ((kind & BLANK) !== 0) return -1;
    if ((kind & DIGIT) !== 0 || code === CODE.dot || code === CODE.slash) isValue = true;
    if ((kind & BRACKET) === 0) continue;
    depth += opens(code) ? 1 : -1;
    if (depth <= 0) return depth === 0 && isValue ? next + 1 : -1;
  }
  return -1;
}

/** Where a path ends, with what else may be in one: `/var/log/[2017-07-07_00,52]=x/a.xml`. */
export function pathEnd(line: string, at: number, end: number): number {
  let depth = 0;
  for (let next = at; next < end; next += 1) {
    const code = line.charCodeAt(next);
    const kind = kindOf(code);
    if ((kind & BLANK) !== 0 || code === CODE.quote || code === CODE.apostrophe) return next;
    if ((kind & BRACKET) !== 0) {
      depth += opens(code) ? 1 : -1;
      if (depth < 0) return next;
    } else if (depth === 0 && endsList(code)) return next;
    else if (code === CODE.colon && isBlankAt(line, next + 1, end)) return next;
  }
  return end;
}

/** Where an address such as `http://...` ends. */
export function addressEnd(line: string, at: number, end: number): number {
  let next = at;
  for (; next < end; next += 1) {
    const code = line.charCodeAt(next);
    if (isOf(code, BLANK | BRACKET) || code === CODE.quote || code === CODE.apostrophe) break;
    if (code === CODE.less || code === CODE.greater || code === CODE.comma) break;
  }
  return next;
}

/** The unit that a number has after it, and where it ends. */
export function unitAt(
  line: string,
  at: number,
  end: number,
): { readonly end: number; readonly isSize: boolean } | null {
  const from = line.charCodeAt(at) === CODE.space ? at + 1 : at;
  let to = from;
  while (to < end && to - from < 5 && isOf(line.charCodeAt(to), LETTER)) to += 1;
  if (to === from || to - from > 4) return null;
  const isWhole =
    to === end || isOf(line.charCodeAt(to), BLANK | DELIMITER) || line.charCodeAt(to) === CODE.dot;
  if (!isWhole) return null;
  const word = line.slice(from, to);
  const isSize = SIZES.has(word);
  return isSize || TIMES.has(word) ? { end: to, isSize } : null;
}

/** After an equals sign: whether the next name follows, or nothing (`ruser= rhost=h`). */
export function isEmptyValue(line: string, at: number, end: number): boolean {
  const first = at < end ? line.charCodeAt(at) : CODE.space;
  if (first === CODE.comma || first === CODE.semicolon) return true;
  if (!isOf(first, BLANK)) return false;
  let from = at;
  while (from < end && isOf(line.charCodeAt(from), BLANK)) from += 1;
  if (from === end) return true;
  let to = from;
  while (to < end && isOf(line.charCodeAt(to), LETTER)) to += 1;
  return to > from && line.charCodeAt(to) === CODE.equals;
}

/** The rest of a terminal's escape sequence (`[31m`): colour is not part of a message. */
export function escapeEnd(line: string, at: number, end: number): number {
  if (line[at] !== '[') return at;
  let next = at + 1;
  while (next < end && line.charCodeAt(next) < CODE.at) next += 1;
  return next + 1;
}

function isBlankAt(line: string, at: number, end: number): boolean {
  return at >= end || isOf(line.charCodeAt(at), BLANK);
}

function endsList(code: number): boolean {
  return code === CODE.comma || code === CODE.semicolon || code === CODE.less || code === CODE.greater;
}
