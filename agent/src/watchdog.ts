import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Clock } from './ports.ts';
import { type WatchdogOrder, watchMainLoop } from './watchdogThread.ts';

/** How often the main loop shows that it turns, milliseconds. */
const BEAT_MS = 500;

/**
 * The exit code of an agent that hung: 128 and SIGABRT, which nothing else here ends it with. The thread cannot end
 * the process in any gentler way, for the loop that would have to listen is the one that hangs.
 */
export const HUNG_EXIT_CODE = 134;
/** The same where the agent is process 1 of a container, which SIGABRT does not end: 128 and SIGTRAP. */
export const HUNG_AS_FIRST_EXIT_CODE = 133;

/**
 * Ends the process when its main loop has not turned for `limitMs` milliseconds, so that whoever supervises it
 * (Docker's restart policy restarts what exits, not what is merely unhealthy) starts it again.
 *
 * It works as process 1 of a container too, but run the container with `init: true` all the same: as process 1 it does
 * not hear a SIGTERM that comes while it boots.
 */
export function startWatchdog(clock: Clock, limitMs: number): Disposable {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const order: WatchdogOrder = { beats, limitMs, pid: process.pid };
  // Without what Node keeps for a thread that does more than this one: a module loader of its own, an environment.
  const worker = new Worker(`(${watchMainLoop})()`, {
    eval: true,
    workerData: order,
    env: SHARE_ENV,
    execArgv: [],
    trackUnmanagedFds: false,
  });
  worker.unref();
  const over = new AbortController();
  void beat(clock, beats, over.signal);
  return {
    [Symbol.dispose]: () => {
      over.abort(new Error('disposed'));
      void worker.terminate();
    },
  };
}

async function beat(clock: Clock, beats: Int32Array, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    Atomics.add(beats, 0, 1);
    await clock.sleep(BEAT_MS, signal).catch(() => undefined); // Disposed: the loop ends.
  }
}
