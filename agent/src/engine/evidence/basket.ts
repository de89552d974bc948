import type { EvidenceItem, EvidencePiece } from '../../core/evidence.ts';
import { escapeUnsafe } from '../../core/printable.ts';

/** Evidence that is kept of one incident, bytes. What is beyond it is told in a sentence. */
const EVIDENCE_BYTES_MAX = 1024 * 1024;
/** The longest line that is kept, UTF-16 units: what is longer is data, and no message. */
const LINE_MAX = 4_000;
/** A rest of room that is smaller than this is not worth a piece, bytes. */
const PIECE_BYTES_MIN = 1_024;
/** Pieces that are named when there was no room for them. */
const NAMED_MAX = 10;

/** Nearly all text is of these alone, and it is told much faster than an escape is looked for. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

/**
 * Collects the evidence of one incident within its bound. Everything passes here before it is kept: secrets are taken
 * out, what a terminal would act on is made visible, and lines that are too long are cut. A line stays a line, so that
 * its number can be cited.
 */
export class Basket {
  readonly #redact: (text: string) => string;
  readonly #bytesMax: number;
  readonly #lacking: { readonly what: string; readonly lostBytes: number }[] = [];
  #sizeBytes = 0;
  #toldOf = 0;
  #waiting: EvidencePiece[] = [];

  constructor(redact: (text: string) => string, bytesMax: number = EVIDENCE_BYTES_MAX) {
    this.#redact = redact;
    this.#bytesMax = bytesMax;
  }

  add(piece: EvidencePiece): void {
    const text = cleanText(piece.text, this.#redact);
    const roomBytes = this.#bytesMax - this.#sizeBytes;
    const sizeBytes = Buffer.byteLength(text);
    if (sizeBytes <= roomBytes) {
      this.#keep({ ...piece, text }, sizeBytes);
      return;
    }
    const cut = roomBytes < PIECE_BYTES_MIN ? '' : cutTo(text, roomBytes, isToldFromItsEnd(piece));
    const keptBytes = Buffer.byteLength(cut);
    if (keptBytes > 0) this.#keep({ ...piece, text: cut, truncated: true }, keptBytes);
    const what = `${piece.kind}${piece.instance === '' ? '' : ` of ${piece.instance}`}`;
    this.#lacking.push({ what, lostBytes: sizeBytes - keptBytes });
  }

  /** What came since the last call, numbered from `first` on; each piece is given out once. */
  take(first: number): readonly EvidenceItem[] {
    const items = this.#waiting.map((piece, index) => ({ id: `E${first + index}`, ...piece }));
    this.#waiting = [];
    return items;
  }

  /** What there was no room for since the last call, in a sentence; `null`: nothing. */
  overflow(): string | null {
    const lacking = this.#lacking.slice(this.#toldOf);
    this.#toldOf = this.#lacking.length;
    if (lacking.length === 0) return null;
    const named = lacking.slice(0, NAMED_MAX).map(({ what, lostBytes }) => `${what} (${kib(lostBytes)})`);
    const more = lacking.length > NAMED_MAX ? [`${lacking.length - NAMED_MAX} more pieces`] : [];
    return `what is beyond ${kib(this.#bytesMax)} of evidence: ${[...named, ...more].join(', ')}`;
  }

  #keep(piece: EvidencePiece, sizeBytes: number): void {
    this.#sizeBytes += sizeBytes;
    this.#waiting.push(piece);
  }
}

/** Text from outside as it may be kept. Secrets first: half of one, cut off, is one that nobody recognises. */
export function cleanText(text: string, redact: (text: string) => string): string {
  const visible = PLAIN.test(text)
    ? text
    : text
        .split(/([\t\n])/)
        .map(escapePart)
        .join('');
  const told = redact(visible);
  return told.length <= LINE_MAX ? told : told.split('\n').map(cutLine).join('\n');
}

function escapePart(part: string): string {
  return part === '\t' || part === '\n' ? part : escapeUnsafe(part);
}

function cutLine(line: string): string {
  if (line.length <= LINE_MAX) return line;
  return `${line.slice(0, LINE_MAX).toWellFormed()}… (${line.length - LINE_MAX} characters more)`;
}

/** Of what was written before a failure the end is worth most; of anything else the beginning. */
function isToldFromItsEnd({ kind, side }: EvidencePiece): boolean {
  return (kind === 'logs' && side !== 'after') || kind === 'events';
}

/** Whole lines from the end or the beginning that fit. */
function cutTo(text: string, bytesMax: number, fromEnd: boolean): string {
  const lines = fromEnd ? text.split('\n').toReversed() : text.split('\n');
  const kept: string[] = [];
  let sizeBytes = 0;
  for (const line of lines) {
    sizeBytes += Buffer.byteLength(line) + 1;
    if (sizeBytes > bytesMax + 1) break;
    kept.push(line);
  }
  return (fromEnd ? kept.toReversed() : kept).join('\n');
}

function kib(bytes: number): string {
  return bytes < 10_240 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`;
}
