import { escapeUnsafe } from '../core/printable.ts';

/**
 * Text from outside as Markdown that means nothing but itself: no renderer makes a link, an image, a heading or HTML of
 * it, or fetches what it names. Words that could be taken for more stand in code spans; the rest stays as it is, so that
 * the report reads well where nobody renders it.
 */

/** What makes a word stand in a code span: what Markdown and its dialects act on, addresses, and names of hosts. */
const ACTIVE = /[\\*_[\]<>~|&$#@{}]|\/\/|www\.|[\p{L}\p{N}-]\.\p{L}{2}/iu;

/** What as the first word of a block would begin a list or rule a line. */
const BLOCK_START = /^(?:[-+=]+|\d+[.)])$/;

/** Brackets and stops around a word stay outside of its code span. */
const WORD = /^([("“‘']*)(.*?)([)"”’'.,;:!?…]*)$/su;

/** Longest sentence that is shown, in UTF-16 units. */
const SENTENCE_MAX = 500;

/** Text in the flow of a sentence: one line, within `maxLength` UTF-16 units. */
export function prose(text: string, maxLength: number = SENTENCE_MAX): string {
  const words = oneLine(text, maxLength).replaceAll('`', "'").trim().split(/\s+/u);
  const parts: { readonly code: boolean; text: string; readonly tail: string }[] = [];
  for (const [index, word] of words.entries()) {
    if (!ACTIVE.test(word)) {
      parts.push({ code: index === 0 && BLOCK_START.test(word), text: word, tail: '' });
      continue;
    }
    const [lead, core, tail] = peel(word);
    const before = parts.at(-1);
    if (before?.code === true && before.tail === '' && lead === '') {
      parts[parts.length - 1] = { code: true, text: `${before.text} ${core}`, tail };
    } else {
      if (lead !== '') parts.push({ code: false, text: lead, tail: '' });
      parts.push({ code: true, text: core, tail });
    }
  }
  return join(parts);
}

/** A word without the stops around it; as it is where they make it what it is (`www.`). */
function peel(word: string): readonly [lead: string, core: string, tail: string] {
  const [, lead = '', core = '', tail = ''] = WORD.exec(word) ?? [];
  return ACTIVE.test(core) ? [lead, core, tail] : ['', word, ''];
}

function join(
  parts: readonly { readonly code: boolean; readonly text: string; readonly tail: string }[],
): string {
  let line = '';
  let glued = true;
  for (const { code: isCode, text, tail } of parts) {
    line += `${glued ? '' : ' '}${isCode ? `\`${text}\`` : text}${tail}`;
    glued = !isCode && /^[("“‘']+$/u.test(text);
  }
  return line;
}

/** Text that something of ours follows in the same line: without the full stop at its end. */
export function sentence(text: string, maxLength: number = SENTENCE_MAX): string {
  return prose(text.trimEnd().replace(/\.$/, ''), maxLength);
}

/** Text to the letter, as far as it is safe to show: one line in a code span. */
export function code(text: string, maxLength: number = SENTENCE_MAX): string {
  const shown = oneLine(text, maxLength);
  if (shown === '') return '(empty)';
  const delimiter = '`'.repeat(longestRun(shown) + 1);
  // A backtick at an end would join the delimiter, and of a space at both ends Markdown takes one away.
  const padding = /^`|`$|^ .* $/su.test(shown) ? ' ' : '';
  return `${delimiter}${padding}${shown}${padding}${delimiter}`;
}

/** Lines to the letter in a block that none of them can end. They are made safe and cut by whoever gives them. */
export function fenced(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** One line, safe to show and cut to a length that can be read: before it is escaped, and after, since escapes are long. */
export function oneLine(text: string, maxLength: number): string {
  const begin = text.length > maxLength ? text.slice(0, maxLength) : text;
  const shown = escapeUnsafe(begin);
  const cut = shown.length > maxLength;
  return cut || begin !== text ? `${cut ? shown.slice(0, maxLength).toWellFormed() : shown}…` : shown;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** Size of a text as it is sent, in bytes. */
export function sizeBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The lines that fit into `maxBytes`, and where they do not all, a last one that says how many are missing. */
export function within(lines: readonly string[], maxBytes: number, what: string): readonly string[] {
  let size = 0;
  const fitting = lines.findIndex((line) => {
    size += sizeBytes(line) + 1;
    return size > maxBytes;
  });
  if (fitting < 0) return lines;
  return [
    ...lines.slice(0, fitting),
    `- … ${lines.length - fitting} more ${what}; they are in the journal`,
    '',
  ];
}

/** A moment in UTC, to the millisecond: `2026-11-24T12:00:02.121Z`. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}
