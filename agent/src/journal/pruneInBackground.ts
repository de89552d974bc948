import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PruneOptions, PruneReport } from './prune.ts';

/**
 * Prunes on a thread of its own. When the signal aborts, it ends between two batches or within one, which is then
 * taken back by SQLite.
 *
 * @throws what `pruneJournal` throws, as an `Error` with its message; the signal's reason when it aborts.
 */
export async function pruneInBackground(
  path: string,
  options: PruneOptions,
  signal: AbortSignal,
): Promise<PruneReport> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./pruneThread.ts', import.meta.url), { workerData: { path, options } });
  try {
    // Rejects when the thread throws. The thread posts one message, and it is the report.
    const [report] = (await once(worker, 'message', { signal })) as [PruneReport];
    return report;
  } finally {
    await worker.terminate();
  }
}
