import { escapeUnsafe } from '../../core/printable.ts';

/** A log excerpt as text that is safe to keep and show. */
export type LogText = { readonly text: string; readonly truncated: boolean };

const HEADER_BYTES = 8;
/** The engine's own word in the stream: why it cannot go on. */
const SYSTEM_STREAM = 3;

/**
 * Collects the end of a container's log in bounded memory: of what comes, only the last `bytesMax` bytes are kept.
 *
 * Without a terminal, both outputs come in one stream of frames, each with a header of 8 bytes: the kind of output,
 * three zeros, and the length. With one, the bytes come as they were written.
 */
export class LogCollector {
  readonly #framed: boolean;
  readonly #tail: ByteTail;
  #header = Buffer.alloc(0);
  /** Bytes of the present frame that are still to come. */
  #rest = 0;
  #kind = -1;
  /** Entries that the engine sent; it counts these, not the lines in them, where it is asked for so many. */
  #entries = 0;
  #endsInLine = false;

  constructor(options: { readonly framed: boolean; readonly bytesMax: number }) {
    this.#framed = options.framed;
    this.#tail = new ByteTail(options.bytesMax);
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
    const { bytes, dropped } = this.#tail.read();
    const decoded = new TextDecoder('utf-8').decode(fromCharacter(bytes, dropped));
    const all = decoded.replace(/\r\n?/g, '\n').split('\n');
    if (all.at(-1) === '') all.pop();
    const kept = all.slice(-lines).map(safeLine);
    const { text, cut } = lastBytes(kept.join('\n'), this.#tail.bytesMax);
    return { text, truncated: dropped || cut || all.length > lines || this.#entries > lines };
  }

  #beginFrame(): void {
    const kind = this.#header.readUInt8(0);
    // Two outputs that write unfinished lines would run into each other.
    if (this.#kind !== -1 && kind !== this.#kind && this.#endsInLine) this.#tail.push(Buffer.from('\n'));
    if (kind === SYSTEM_STREAM) this.#tail.push(Buffer.from('[engine] '));
    this.#kind = kind;
    this.#rest = this.#header.readUInt32BE(4);
    this.#header = Buffer.alloc(0);
    this.#entries += 1;
  }

  #take(part: Buffer): void {
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
  return { text: kept.toString('utf8'), cut: true };
}
