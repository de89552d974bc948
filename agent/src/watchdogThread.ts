/** What the thread is given. */
export type WatchdogOrder = {
  /** Counted up by the main loop as long as it turns. */
  readonly beats: Int32Array;
  /** How long it may stand still, milliseconds. */
  readonly limitMs: number;
  /** The process to end. */
  readonly pid: number;
};

/**
 * The whole program of the thread that watches the main loop. It shares nothing with it but the counter: a hung loop
 * cannot hold it up.
 *
 * The thread gets it as text, so it may use nothing from outside of itself. A thread that is started from a file loads
 * Node’s module loader and what strips the types, which is 10 MB for forty lines.
 */
export function watchMainLoop(): void {
  const { workerData } = process.getBuiltinModule('node:worker_threads');
  const { writeSync } = process.getBuiltinModule('node:fs');
  const pollMs = 250;
  // Given by `startWatchdog`, which alone starts it.
  const { beats, limitMs, pid } = workerData as WatchdogOrder;
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const nap = () => Atomics.wait(never, 0, 0, pollMs);

  let seen = Atomics.load(beats, 0);
  let stillMs = 0;
  while (stillMs < limitMs) {
    // Counted in naps and not by a clock: a machine that was suspended did not hang.
    nap();
    const now = Atomics.load(beats, 0);
    stillMs = now === seen ? stillMs + pollMs : 0;
    seen = now;
  }
  try {
    const sentence = `The main loop has not turned for ${stillMs / 1_000} s; the agent ends itself to be started again.`;
    writeSync(2, `${sentence}\n`);
  } catch {
    // Nobody reads it (a closed or full pipe): all the more it has to end.
  }
  process.kill(pid, 'SIGABRT');
  nap();
  // Still here: this is process 1 of a container, and the kernel keeps from it every signal of its own namespace that
  // has no handler. A trap of the processor it does not keep; V8 has one for its own tests.
  process.getBuiltinModule('node:v8').setFlagsFromString('--allow-natives-syntax');
  new Function('%SystemBreak()')();
}
