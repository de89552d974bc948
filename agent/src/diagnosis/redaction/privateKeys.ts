import { marker } from './rule.ts';

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** The end of a key is looked for so far; the largest have about 200 lines. */
const LINES_MAX = 400;
/** A line of a key's body, whatever stands before it (a time, the name of a container). */
const BODY = /(?:^|[\s|>"'])[A-Za-z0-9+/]{40,}={0,2}[\s"',\\]*$/;
const KEY = marker('private-key');
/** What one replacement uncovers is looked at again, so often at most. */
const ROUNDS_MAX = 3;

/**
 * Takes private keys (PEM) out of the lines, each of their lines by itself. Of a key whose end or beginning was cut off,
 * the lines are taken that look like its body.
 */
export function withoutPrivateKeys(lines: readonly string[]): readonly string[] {
  let rest = lines;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (!rest.some((line) => line.includes('PRIVATE KEY'))) return rest;
    const before = rest;
    rest = takeKeys(before);
    if (rest.every((line, index) => line === before[index])) return rest;
  }
  // What still holds a beginning or an end by now was made to do so.
  return rest.map((line) => (BEGIN.test(line) || END.test(line) ? KEY : line));
}

function takeKeys(lines: readonly string[]): readonly string[] {
  const result = [...lines];
  const ends = nextEnds(lines);
  for (let index = 0; index < result.length; index += 1) {
    const line = result[index] ?? '';
    if (BEGIN.test(line)) index = takeFrom(result, index, ends[index + 1] ?? lines.length);
    else if (END.test(line)) takeBackFrom(result, index);
  }
  return result;
}

/** For each line, the first from it on in which a key ends; the number of lines where none does. */
function nextEnds(lines: readonly string[]): readonly number[] {
  let next = lines.length;
  return lines
    .map((line, index) => ({ line, index }))
    .toReversed()
    .map(({ line, index }) => {
      if (END.test(line)) next = index;
      return next;
    })
    .toReversed();
}

/**
 * @param end The first line behind it in which a key ends.
 * @returns The position of the last line that was taken.
 */
function takeFrom(lines: string[], first: number, end: number): number {
  const line = withoutWholeKeys(lines[first] ?? '');
  lines[first] = line;
  const begin = BEGIN.exec(line);
  if (begin === null) return first;
  lines[first] = `${line.slice(0, begin.index)}${KEY}`;
  const isWhole = end < lines.length && end - first < LINES_MAX;
  const last = isWhole ? end : lastOfBody(lines, first);
  for (let index = first + 1; index <= last; index += 1) {
    const found = END.exec(lines[index] ?? '');
    lines[index] = found === null ? KEY : `${KEY}${found.input.slice(found.index + found[0].length)}`;
  }
  return last;
}

/** A key that was written into one line, with `\n` between its parts. */
function withoutWholeKeys(line: string): string {
  let rest = line;
  let done = '';
  for (;;) {
    const begin = BEGIN.exec(rest);
    const end = begin === null ? null : END.exec(rest.slice(begin.index));
    if (begin === null || end === null) return done + rest;
    done += `${rest.slice(0, begin.index)}${KEY}`;
    rest = rest.slice(begin.index + end.index + end[0].length);
  }
}

function lastOfBody(lines: readonly string[], first: number): number {
  let last = first;
  while (last + 1 < lines.length && BODY.test(lines[last + 1] ?? '')) last += 1;
  return last;
}

function takeBackFrom(lines: string[], end: number): void {
  const line = lines[end] ?? '';
  lines[end] = `${KEY}${line.replace(END, '\0').split('\0')[1] ?? ''}`;
  for (let index = end - 1; index >= 0 && index > end - LINES_MAX; index -= 1) {
    // The last line of the body may be short.
    if (!BODY.test(lines[index] ?? '') && !(index === end - 1 && /^\S{1,64}$/.test(lines[index] ?? '')))
      return;
    lines[index] = KEY;
  }
}
