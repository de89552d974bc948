// The thread that computes. One job at a time, as the queue on the other side sends them.
import { enableCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { Reply, Request } from './messages.ts';

// A thread does not inherit this from main.ts, and must do it before it loads anything large.
enableCompileCache();
const { Problem } = await import('../problems.ts');
const { perform } = await import('./jobs.ts');

const port = parentPort;
if (port === null) throw new Error('thread.ts runs only as a worker thread');

const say = (reply: Reply): void => port.postMessage(reply);

// Only `compute-queue.ts` posts here, and it posts Requests.
port.on('message', ({ id, job }: Request) => {
  try {
    say({ id, kind: 'result', result: perform(job, (progress) => say({ id, kind: 'progress', progress })) });
  } catch (error) {
    if (error instanceof Problem) say({ id, kind: 'problem', code: error.code, detail: error.message });
    else {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say({ id, kind: 'problem', code: 'compute-failed', detail });
    }
  }
});
