import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** How much is read at once, bytes. */
const PIECE_BYTES = 1024 * 1024;
/** How a file begins that Windows wrote (`>` of PowerShell, Notepad's "Unicode"). */
const UTF_16 = Buffer.from([0xff, 0xfe]);

/** The text of a log, in pieces: UTF-8, or UTF-16 where the file says so. Rejects with what the system says. */
export async function* openLog(path: string): AsyncGenerator<string> {
  yield* createReadStream(path, { encoding: await encodingOf(path), highWaterMark: PIECE_BYTES });
}

async function encodingOf(path: string): Promise<'utf8' | 'utf16le'> {
  // What is read of a pipe is gone, and one that was opened and closed is broken.
  if (!(await stat(path)).isFile()) return 'utf8';
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(UTF_16.byteLength), 0, UTF_16.byteLength, 0);
  return bytesRead === UTF_16.byteLength && buffer.equals(UTF_16) ? 'utf16le' : 'utf8';
}
