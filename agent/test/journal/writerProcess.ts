import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Entry } from '../../src/core/entry.ts';

/** A writer in a process of its own, as the tests see it. */
export interface Writer extends AsyncDisposable {
  readonly pid: number;
  /** Every batch that was acknowledged so far. */
  readonly acknowledged: readonly number[];
  /** The next line that fits. */
  line(fits: (line: string) => boolean): Promise<string>;
  /** Waits until it has acknowledged this many more. */
  acknowledges(more: number): Promise<void>;
  /** Ends it as a crash does, and waits until it is gone and all it said is read. */
  kill(): Promise<void>;
}

/**
 * @param limitKib When given, no file of the writer can grow over this many KiB until the limit is lifted: a disk
 *   that is full.
 */
export async function startWriter(path: string, first: number, limitKib?: number): Promise<Writer> {
  const command = [process.execPath, new URL('writer.ts', import.meta.url).pathname, path, String(first)];
  const limited = ['/bin/sh', '-c', `ulimit -S -f $(( ${limitKib} * 2 )); exec "$@"`, 'sh', ...command];
  const [program = '', ...args] = limitKib === undefined ? command : limited;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'close').then(() => Promise.reject(new Error('the writer has ended')));
  ended.catch(() => undefined);
  const acknowledged: number[] = [];
  const unread: string[] = [];
  lines.on('line', (line) => {
    unread.push(line);
    if (/^\d+$/.test(line)) acknowledged.push(Number(line));
  });
  const writer: Writer = {
    pid: child.pid ?? Number.NaN,
    acknowledged,
    line: async (fits) => {
      for (;;) {
        // Several lines can come in one piece, so the event alone would miss some.
        const index = unread.findIndex(fits);
        const [found] = index < 0 ? [] : unread.splice(0, index + 1).slice(-1);
        if (found !== undefined) return found;
        unread.length = 0;
        await Promise.race([once(lines, 'line'), ended]);
      }
    },
    acknowledges: async (more) => {
      const wanted = acknowledged.length + more;
      await writer.line(() => acknowledged.length >= wanted);
    },
    kill: () => kill(child),
    [Symbol.asyncDispose]: () => kill(child),
  };
  await writer.line((line) => line === 'open');
  return writer;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** The numbers of the batches in these entries; throws where a batch is there in part. */
export function batchesIn(entries: readonly Entry[]): readonly number[] {
  const parts = entries.flatMap(({ body }) =>
    body.type === 'agent-stopped' ? [body.reason.split(' ')] : [],
  );
  const batches = Map.groupBy(parts, ([number]) => Number(number));
  for (const [number, found] of batches) {
    const letters = found.map(([, letter]) => letter).join('');
    if (letters !== 'abc') throw new Error(`batch ${number} is there as "${letters}"`);
  }
  return [...batches.keys()];
}
