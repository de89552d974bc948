import { get } from 'node:http';
import { nowMs, pause } from './time.ts';

/** Time between two questions, and for each; what hangs must not hide that the next one would be answered. */
const ASK_EVERY_MS = 3;
const ANSWER_MS_MAX = 50;
const ANSWERING_MS_MAX = 30_000;

/** When the service answered its next `GET /health` with 200, by `nowMs`. */
export async function whenAnswering(url: string): Promise<number> {
  const deadline = nowMs() + ANSWERING_MS_MAX;
  while (nowMs() < deadline) {
    if ((await statusOf(`${url}/health`)) === 200) return nowMs();
    await pause(ASK_EVERY_MS);
  }
  throw new Error(`${url} did not answer within ${ANSWERING_MS_MAX} ms`);
}

function statusOf(url: string): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  // A connection of its own each time: the other end of the last one may be gone.
  const asking = get(url, { agent: false, signal: AbortSignal.timeout(ANSWER_MS_MAX) }, (response) => {
    response.once('error', () => undefined);
    response.resume();
    resolve(response.statusCode ?? null);
  });
  asking.once('error', () => resolve(null));
  return promise;
}
