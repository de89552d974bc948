import { type FileHandle, open, rename, stat, truncate } from 'node:fs/promises';
import type { LogOptions } from '../../ports.ts';
import { type LogText, lastLines } from './logText.ts';

/** Where the file stood from `at` to `lastAt`: what was written after it lies behind `position`. */
type Mark = { readonly at: number; readonly lastAt: number; readonly position: number };

const MARKS_MAX = 1_000;
/** Before every position: also those from before a restart of the agent, which count backwards from 0. */
const EVER = Number.NEGATIVE_INFINITY;
/** Behind every position. */
const FOR_EVER = Number.POSITIVE_INFINITY;
/** Bytes that are read over to get to what was written before a time. */
const READ_OVER_MAX = 4 * 1024 * 1024;
/** A smaller rest of room is not worth the end of what earlier runs wrote, bytes: it would be half of a line. */
const EARLIER_BYTES_MIN = 1_024;

/**
 * The file into which a process writes its output by itself, so that it goes on when the agent is gone.
 *
 * Its size is bounded from outside: when it has grown over the limit, its end is kept in `<path>.1` and the file is
 * emptied. The process appends, so it goes on at the new end; what it writes in the moment between is lost.
 * Lines carry no time of their own: times are known as exactly as `bound` is called.
 */
export class LogFile {
  readonly path: string;
  readonly #bytesMax: number;
  /** Bytes that went before the file's first one. */
  #base = 0;
  #marks: Mark[] = [];

  constructor(path: string, bytesMax: number) {
    this.path = path;
    this.#bytesMax = bytesMax;
  }

  /** Notes how far the file has come by `now`, milliseconds since the epoch, and keeps it within its limit. */
  async bound(now: number): Promise<void> {
    const sizeBytes = await sizeOf(this.path);
    const position = this.#base + sizeBytes;
    const last = this.#marks.at(-1);
    if (last?.position === position) {
      this.#marks[this.#marks.length - 1] = { ...last, lastAt: now };
      return;
    }
    this.#marks.push({ at: now, lastAt: now, position });
    if (this.#marks.length > MARKS_MAX) this.#marks = this.#marks.slice(MARKS_MAX / 2);
    if (sizeBytes > this.#bytesMax) await this.#rotate();
  }

  /**
   * The end of the log: at most so many lines and bytes, as far as can be told only what was written after `since`.
   * `truncated`: there was more that fits the question.
   */
  async tail(options: LogOptions): Promise<LogText> {
    const begin = options.since === null ? EVER : await this.#positionAt(options.since);
    const end = options.until === undefined ? FOR_EVER : this.#writtenBy(options.until);
    if (begin === null || end === null) return { text: '', truncated: false };
    // One byte more than wanted tells whether there was more. What came after `until` is read over.
    const over = Number.isFinite(end) ? Math.min(await this.#behind(end), READ_OVER_MAX) : 0;
    const { bytes, start } = await this.#readEnd(over + options.maxBytes + 1);
    const wanted = bytes.subarray(Math.max(0, begin - start), Math.max(0, end - start));
    const fitting = wanted.subarray(Math.max(0, wanted.byteLength - options.maxBytes));
    return lastLines(fitting, { ...options, truncated: wanted.byteLength > options.maxBytes });
  }

  /**
   * The end of the log, in three parts: what runs before the last one had written, as far as it is known where that
   * one began; what had been written at about `at`; and the rest, which gets at most half of the bytes. `null`: nobody
   * noted its size then.
   */
  async around(
    at: number,
    options: { readonly lines: number; readonly maxBytes: number },
    startedAt: number | null = null,
  ): Promise<{ readonly earlier: LogText; readonly before: LogText; readonly after: LogText } | null> {
    const border = at === FOR_EVER ? FOR_EVER : this.#nearest(at);
    if (border === null) return null;
    const over = Number.isFinite(border) ? Math.min(await this.#behind(border), READ_OVER_MAX) : 0;
    const { bytes, start } = await this.#readEnd(over + options.maxBytes + 1);
    const cut = within(bytes, border - start);
    const begin = Math.min(
      cut,
      within(bytes, (startedAt === null ? EVER : this.#startOf(startedAt)) - start),
    );
    const { lines, maxBytes } = options;
    const after = endOf(bytes.subarray(cut), lines, Math.floor(maxBytes / 2));
    const before = endOf(bytes.subarray(begin, cut), lines, maxBytes - sizeIn(after));
    const room = maxBytes - sizeIn(after) - sizeIn(before);
    const earlier = endOf(bytes.subarray(0, begin), lines, room < EARLIER_BYTES_MIN ? 0 : room);
    return { earlier, before, after };
  }

  /** Where the run that was started then begins; before everything where nobody noted it. */
  #startOf(startedAt: number): number {
    return this.#marks.find((mark) => mark.at <= startedAt && startedAt <= mark.lastAt)?.position ?? EVER;
  }

  /** The position that was noted nearest to a time; `null`: none was noted before it. */
  #nearest(at: number): number | null {
    const index = this.#marks.findLastIndex((mark) => mark.at <= at);
    const [mark, next] = [this.#marks[index], this.#marks[index + 1]];
    if (mark === undefined) return null;
    const isNext = next !== undefined && next.at - at < at - mark.lastAt;
    return isNext ? next.position : mark.position;
  }

  /** The position up to which all was written by then; `null`: none is known. */
  #writtenBy(until: number): number | null {
    return this.#marks.findLast(({ at }) => at <= until)?.position ?? null;
  }

  /** How many bytes lie behind a position. */
  async #behind(position: number): Promise<number> {
    return Math.max(0, this.#base + (await sizeOf(this.path)) - position);
  }

  /** `null`: nothing was written since. */
  async #positionAt(since: number): Promise<number | null> {
    const mark = this.#marks.findLast(({ at }) => at <= since);
    if (mark !== undefined) return mark.position;
    const modifiedAt = await stat(this.path).then(
      ({ mtimeMs }) => mtimeMs,
      (error: unknown) => {
        if (isAbsent(error)) return 0;
        throw error;
      },
    );
    return modifiedAt < since ? null : EVER;
  }

  /** The last bytes of the log, and the position of the first of them. */
  async #readEnd(bytes: number): Promise<{ readonly bytes: Buffer; readonly start: number }> {
    const current = await readEnd(this.path, bytes);
    const missing = bytes - current.byteLength;
    const sizeBytes = await sizeOf(this.path);
    const end = this.#base + Math.max(sizeBytes, current.byteLength);
    const former = missing > 0 ? await readEnd(`${this.path}.1`, missing) : Buffer.alloc(0);
    const all = Buffer.concat([former, current]);
    return { bytes: all, start: end - all.byteLength };
  }

  async #rotate(): Promise<void> {
    const draft = `${this.path}.new`;
    {
      await using file = await open(draft, 'w', 0o600);
      await file.writeFile(await readEnd(this.path, this.#bytesMax));
    }
    await rename(draft, `${this.path}.1`);
    this.#base += await sizeOf(this.path);
    await truncate(this.path, 0);
  }
}

function within(bytes: Buffer, offset: number): number {
  return Math.max(0, Math.min(offset, bytes.byteLength));
}

/** The last whole lines that fit. */
function endOf(bytes: Buffer, lines: number, maxBytes: number): LogText {
  const fitting = bytes.subarray(Math.max(0, bytes.byteLength - maxBytes));
  return lastLines(fitting, { lines, maxBytes, truncated: fitting.byteLength < bytes.byteLength });
}

function sizeIn({ text }: LogText): number {
  return Buffer.byteLength(text);
}

async function readEnd(path: string, bytes: number): Promise<Buffer> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { size } = await file.stat();
    const wanted = Math.min(bytes, size);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, size - wanted);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
}
