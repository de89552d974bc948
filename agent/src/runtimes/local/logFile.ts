import { type FileHandle, open, rename, stat, truncate } from 'node:fs/promises';
import { type LogText, lastLines } from './logText.ts';

/** Where the file stood at a time: what was written after it lies behind `position`. */
type Mark = { readonly at: number; readonly position: number };

const MARKS_MAX = 1_000;
/** Before every position: also those from before a restart of the agent, which count backwards from 0. */
const EVER = Number.NEGATIVE_INFINITY;

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
    if (this.#marks.at(-1)?.position === position) return;
    this.#marks.push({ at: now, position });
    if (this.#marks.length > MARKS_MAX) this.#marks = this.#marks.slice(MARKS_MAX / 2);
    if (sizeBytes > this.#bytesMax) await this.#rotate();
  }

  /**
   * The end of the log: at most so many lines and bytes, as far as can be told only what was written after `since`.
   * `truncated`: there was more that fits the question.
   */
  async tail(options: {
    readonly lines: number;
    readonly since: number | null;
    readonly maxBytes: number;
  }): Promise<LogText> {
    const begin = options.since === null ? EVER : await this.#positionAt(options.since);
    if (begin === null) return { text: '', truncated: false };
    // One byte more than wanted tells whether there was more.
    const { bytes, start } = await this.#readEnd(options.maxBytes + 1);
    const wanted = bytes.subarray(Math.max(0, begin - start));
    const fitting = wanted.subarray(Math.max(0, wanted.byteLength - options.maxBytes));
    return lastLines(fitting, { ...options, truncated: wanted.byteLength > options.maxBytes });
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
