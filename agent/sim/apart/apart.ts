import { Worker } from 'node:worker_threads';
import type { Answer, Task, Word } from './task.ts';

const THREAD = new URL('./thread.ts', import.meta.url);

/**
 * Runs worlds in a thread of their own. The test runner follows every promise of its own thread, and a world is made of
 * promises: there the same worlds take three times as long.
 *
 * @throws what the thread threw, or that it did not end within `withinMs` milliseconds; it names the seed it was at. The
 * thread is ended in either case.
 */
export async function apart<T extends Task>(task: T, withinMs: number): Promise<Answer<T>> {
  const worker = new Worker(THREAD, { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
  let seed: number | null = null;
  const where = () => (seed === null ? '' : `, at seed ${seed}`);
  worker.on('message', (word: Word) => {
    if (word.kind === 'seed') seed = word.seed;
    // The thread answers what it was asked.
    else resolve(word.answer as Answer<T>);
  });
  worker.on('error', (error) => reject(new Error(`the thread failed${where()}`, { cause: error })));
  worker.on('exit', (code) => reject(new Error(`the thread ended with ${code} and no answer${where()}`)));
  const late = setTimeout(
    () => reject(new Error(`no answer within ${Math.round(withinMs / 1_000)} s${where()}`)),
    withinMs,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
