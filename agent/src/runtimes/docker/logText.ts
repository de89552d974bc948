import { escapeUnsafe } from '../../core/printable.ts';
import type { Excerpt } from '../../ports.ts';

/** A log excerpt as text that is safe to keep and show. */
export type LogText = Excerpt;

/** What the engine writes before an entry where it is asked for the time; always as long as this, in UTC. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d) /;
/** The longest of them, with the blank after it. */
const TIMESTAMP_BYTES = 36;
const BLANK = 0x20;
const HEADER_BYTES = 8;
/** The engine's own word in the stream: why it cannot go on. */
const SYSTEM_STREAM = 3;

/**
 * Collects the end of a container's log in bounded memory: of what comes, only the last `bytesMax` bytes are kept.
 *
 * Without a terminal, both outputs come in one stream of frames, each with a header of 8 bytes: the kind of output,
 * three zeros, and the length. With one, the bytes come as they were written.
 *
 * `timestamped`: the engine was asked to write the time before each entry. It is no part of the text.
 */
export class LogCollector {
  readonly #framed: boolean;
  readonly #timestamped: boolean;
  readonly #bytesMax: number;
  readonly #tail: ByteTail;
  #header = Buffer.alloc(0);
  /** Bytes of the present frame that are still to come. */
  #rest = 0;
  #kind = -1;
  /** Entries that the engine sent; it counts these, not the lines in them, where it is asked for so many. */
  #entries = 0;
  #endsInLine = false;
  /** Within the time before an entry that goes on with the line of the one before. */
  #skipping = false;

  /** @param options.lines With `timestamped`: how many lines are wanted; their times take room, too. */
  constructor(options: {
    readonly framed: boolean;
    readonly bytesMax: number;
    readonly timestamped?: { readonly lines: number };
  }) {
    this.#framed = options.framed;
    this.#timestamped = options.timestamped !== undefined;
    this.#bytesMax = options.bytesMax;
    this.#tail = new ByteTail(options.bytesMax + (options.timestamped?.lines ?? 0) * TIMESTAMP_BYTES);
  }

  get entries(): number {
    return this.#entries;
  }

  push(chunk: Buffer): void {
    if (!this.#framed) {
      this.#tail.push(chunk);
      return;
    }
    let at = 0;
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const part = chunk.subarray(at, at + this.#rest);
        this.#take(part);
        this.#rest -= part.length;
        at += part.length;
      } else {
        const part = chunk.subarray(at, at + HEADER_BYTES - this.#header.length);
        this.#header = Buffer.concat([this.#header, part]);
        at += part.length;
        if (this.#header.length === HEADER_BYTES) this.#beginFrame();
      }
    }
  }

  /** The last `lines` lines of it. */
  finish(lines: number): LogText {
    const { text, dropped } = this.#read();
    const all = linesOf(text);
    const excerpt = lastLines(all, lines, this.#bytesMax);
    return { text: excerpt.text, truncated: dropped || excerpt.truncated || this.#entries > lines };
  }

  /**
   * The last `lines` lines of it, those that were written up to a time apart from those after it. Of the bytes, what
   * came after gets at most half.
   *
   * @param at Milliseconds since the epoch, by the engine's clock.
   */
  finishAround(lines: number, at: number): { readonly before: LogText; readonly after: LogText } {
    const { text, dropped } = this.#read();
    const entries = text.split('\n');
    if (entries.at(-1) === '') entries.pop();
    // From the end: of what has failed for good, the very last line already lies before.
    const border = entries.findLastIndex((entry) => (timeOf(entry) ?? Number.POSITIVE_INFINITY) <= at) + 1;
    const cut = Math.max(0, entries.length - lines);
    const textOf = (some: readonly string[]) =>
      linesOf(some.map((entry) => entry.replace(TIMESTAMP, '')).join('\n'));
    const after = lastLines(textOf(entries.slice(Math.max(cut, border))), lines, this.#bytesMax / 2);
    const before = lastLines(
      textOf(entries.slice(cut, border)),
      lines,
      this.#bytesMax - Buffer.byteLength(after.text),
    );
    const more = dropped || cut > 0 || this.#entries > lines;
    return {
      before: { ...before, truncated: before.truncated || more },
      // What was left out first is the oldest.
      after: { ...after, truncated: after.truncated || (more && before.text === '') },
    };
  }

  #read(): { readonly text: string; readonly dropped: boolean } {
    const { bytes, dropped } = this.#tail.read();
    const text = new TextDecoder('utf-8').decode(fromCharacter(bytes, dropped));
    return { text: dropped ? fromWholeLine(text) : text, dropped };
  }

  #beginFrame(): void {
    const kind = this.#header.readUInt8(0);
    // Two outputs that write unfinished lines would run into each other.
    if (this.#kind !== -1 && kind !== this.#kind && this.#endsInLine) this.#tail.push(Buffer.from('\n'));
    if (kind === SYSTEM_STREAM) this.#tail.push(Buffer.from('[engine] '));
    // The engine cuts a long line in several entries, and writes the time before each.
    this.#skipping = this.#timestamped && this.#kind === kind && this.#endsInLine;
    this.#kind = kind;
    this.#rest = this.#header.readUInt32BE(4);
    this.#header = Buffer.alloc(0);
    this.#entries += 1;
  }

  #take(given: Buffer): void {
    let part = given;
    if (this.#skipping) {
      const blank = part.indexOf(BLANK);
      if (blank === -1) return;
      this.#skipping = false;
      part = part.subarray(blank + 1);
    }
    if (part.length === 0) return;
    this.#tail.push(part);
    this.#endsInLine = part.at(-1) !== 0x0a;
  }
}

/** The last bytes of a stream, in a buffer that never grows beyond twice their number. */
class ByteTail {
  readonly bytesMax: number;
  #bytes: Buffer;
  #length = 0;
  #dropped = false;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
    this.#bytes = Buffer.alloc(bytesMax * 2);
  }

  push(chunk: Buffer): void {
    const part = chunk.subarray(Math.max(0, chunk.length - this.bytesMax));
    if (part.length < chunk.length) this.#dropped = true;
    if (this.#length + part.length > this.#bytes.length) {
      // Moves at most once for every `bytesMax` bytes that come: each byte is copied twice at most.
      const keep = this.bytesMax - part.length;
      this.#bytes.copyWithin(0, this.#length - keep, this.#length);
      this.#length = keep;
      this.#dropped = true;
    }
    part.copy(this.#bytes, this.#length);
    this.#length += part.length;
  }

  read(): { readonly bytes: Buffer; readonly dropped: boolean } {
    const from = Math.max(0, this.#length - this.bytesMax);
    return { bytes: this.#bytes.subarray(from, this.#length), dropped: this.#dropped || from > 0 };
  }
}

/**
 * Without the line whose beginning was cut off, where others follow: the rest of a secret is one that nobody
 * recognises any more.
 */
function fromWholeLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 || end === text.length - 1 ? text : text.slice(end + 1);
}

/** When the engine took this entry; `null` where it was cut off, or is the engine's own word. */
function timeOf(entry: string): number | null {
  const [timestamp] = TIMESTAMP.exec(entry) ?? [];
  if (timestamp === undefined) return null;
  // More digits than milliseconds have are nobody's to read.
  const at = Date.parse(timestamp.trim().replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(at) ? null : at;
}

/** A carriage return alone begins a line, too: what is written over is what one wants to read. */
function linesOf(text: string): readonly string[] {
  const all = text.replace(/\r\n?/g, '\n').split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

function lastLines(all: readonly string[], lines: number, bytesMax: number): LogText {
  const kept = all.slice(-lines).map(safeLine);
  const { text, cut } = lastBytes(kept.join('\n'), Math.floor(bytesMax));
  return { text, truncated: cut || all.length > lines };
}

/** Where bytes were cut off, the first may be the middle of a character. */
function fromCharacter(bytes: Buffer, cut: boolean): Buffer {
  let from = 0;
  while (cut && from < 4 && from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.subarray(from);
}

/** NUL, escape sequences and all that makes text read other than it is become visible; tabs stay. */
function safeLine(line: string): string {
  return line.split('\t').map(escapeUnsafe).join('\t');
}

/** Escapes are longer than what they stand for, and the bound holds for what is kept. */
function lastBytes(text: string, bytesMax: number): { readonly text: string; readonly cut: boolean } {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return { text, cut: false };
  const kept = fromCharacter(bytes.subarray(bytes.length - bytesMax), true);
  return { text: fromWholeLine(kept.toString('utf8')), cut: true };
}
