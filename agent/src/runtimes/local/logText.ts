import { escapeUnsafe } from '../../core/printable.ts';
import type { Excerpt } from '../../ports.ts';

/** A log excerpt as text that is safe to keep and show; lines end without a line end after the last one. */
export type LogText = Excerpt;

/** The last lines of raw output, within a number of bytes. `truncated`: something before these bytes was left out. */
export function lastLines(
  bytes: Buffer,
  options: { readonly lines: number; readonly maxBytes: number; readonly truncated: boolean },
): LogText {
  const decoded = fromWholeCharacter(bytes).toString('utf8').replace(/\r\n?/g, '\n');
  const lines = (options.truncated ? fromWholeLine(decoded) : decoded).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const kept = lines.slice(Math.max(0, lines.length - options.lines)).map(safeLine);
  const text = lastBytes(kept.join('\n'), options.maxBytes);
  return {
    text: text.kept,
    truncated: options.truncated || text.cut || kept.length < lines.length,
  };
}

/** What was written by others must not move the terminal or hide in it; tabs stay. */
function safeLine(line: string): string {
  return line.split('\t').map(escapeUnsafe).join('\t');
}

/** Escapes are longer than what they stand for, and the limit holds for what is kept. */
function lastBytes(text: string, bytesMax: number): { readonly kept: string; readonly cut: boolean } {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.byteLength <= bytesMax) return { kept: text, cut: false };
  const end = bytes.subarray(bytes.byteLength - bytesMax);
  return { kept: fromWholeLine(fromWholeCharacter(end).toString('utf8')), cut: true };
}

/**
 * Without the line whose beginning was cut off, where others follow: the rest of a secret is one that nobody
 * recognises any more.
 */
function fromWholeLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 || end === text.length - 1 ? text : text.slice(end + 1);
}

/** A cut through the middle of a character leaves bytes that mean nothing. */
function fromWholeCharacter(bytes: Buffer): Buffer {
  let start = 0;
  while (start < Math.min(4, bytes.byteLength) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start);
}
