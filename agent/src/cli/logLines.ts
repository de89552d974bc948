import { MpaError } from '../errors.ts';

/** Longest part of a line that is kept, in UTF-16 units; the rest is read over. */
const LINE_MAX = 8_192;
/** How much of the beginning is looked at to tell text from what is not, in UTF-16 units. */
const HEAD_MAX = 4_096;
const BYTE_ORDER_MARK = '\ufeff';
/** Share of characters that no text has, from which on it is not one. A stray NUL in a log is no reason to refuse it. */
const BINARY_SHARE = 0.1;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/gu;

/**
 * The lines of a text that comes in pieces, without their ends (`\n`, `\r\n`); a last one without an end counts.
 *
 * @param name of the file, for the error
 * @throws MpaError LOGS_UNREADABLE when it begins like a binary file
 */
export async function* logLines(pieces: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst) refuseBinary(piece.slice(0, HEAD_MAX), name);
    let from = isFirst && piece.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    isFirst = false;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      yield withoutReturn(rest + piece.slice(from, Math.min(end, from + LINE_MAX)));
      rest = '';
      from = end + 1;
    }
    if (rest.length < LINE_MAX) rest += piece.slice(from, from + LINE_MAX);
  }
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function refuseBinary(head: string, name: string): void {
  const strange = head.match(NOT_TEXT)?.length ?? 0;
  if (strange <= head.length * BINARY_SHARE) return;
  throw new MpaError('LOGS_UNREADABLE', `${name} looks like a binary or compressed file`);
}
