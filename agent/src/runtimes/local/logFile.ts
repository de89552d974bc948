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
   * The end of the log, in two parts: what had been written at about `at`, and the rest, which gets at most half of
   * the bytes. `null`: nobody noted its size then.
   */
  async around(
    at: number,
    options: { readonly lines: number; readonly maxBytes: number },
  ): Promise<{ readonly before: LogText; readonly after: LogText } | null> {
    const border = at === FOR_EVER ? FOR_EVER : this.#nearest(at);
    if (border === null) return null;
    const over = Number.isFinite(border) ? Math.min(await this.#behind(border), READ_OVER_MAX) : 0;
    const { bytes, start } = await this.#readEnd(over + options.maxBytes + 1);
    const cut = Math.max(0, Math.min(border - start, bytes.byteLength));
    const [early, late] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    const lateBytes = late.subarray(Math.max(0, late.byteLength - Math.floor(options.maxBytes / 2)));
    const after = lastLines(lateBytes, { ...options, truncated: lateBytes.byteLength < late.byteLength });
    const room = options.maxBytes - Buffer.byteLength(after.text);
    const earlyBytes = early.subarray(Math.max(0, early.byteLength - room));
    const before = lastLines(earlyBytes, {
      lines: options.lines,
      maxBytes: room,
      truncated: earlyBytes.byteLength < early.byteLength,
    });
    return { before, after };
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
