// The thread that watches the main loop. It shares nothing with it but the counter: a hung loop cannot hold it up.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

// Written by `startWatchdog` alone.
const { beats, limitMs, pid } = workerData as { beats: Int32Array; limitMs: number; pid: number };
const POLL_MS = 250;
const nap = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

let seen = Atomics.load(beats, 0);
let stillMs = 0;
for (;;) {
  // Counted in naps and not by a clock: a machine that was suspended did not hang.
  Atomics.wait(nap, 0, 0, POLL_MS);
  const now = Atomics.load(beats, 0);
  stillMs = now === seen ? stillMs + POLL_MS : 0;
  seen = now;
  if (stillMs >= limitMs) {
    writeSync(
      2,
      `The main loop has not turned for ${stillMs / 1_000} s; the agent ends itself to be started again.\n`,
    );
    process.kill(pid, 'SIGABRT');
  }
}
