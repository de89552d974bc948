// The thread that watches the main loop. It shares nothing with it but the counter: a hung loop cannot hold it up.
import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { workerData } from 'node:worker_threads';

// Written by `startWatchdog` alone.
const { beats, limitMs, pid } = workerData as { beats: Int32Array; limitMs: number; pid: number };
const POLL_MS = 250;
const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

let seen = Atomics.load(beats, 0);
let stillMs = 0;
while (stillMs < limitMs) {
  // Counted in naps and not by a clock: a machine that was suspended did not hang.
  nap();
  const now = Atomics.load(beats, 0);
  stillMs = now === seen ? stillMs + POLL_MS : 0;
  seen = now;
}
say(`The main loop has not turned for ${stillMs / 1_000} s; the agent ends itself to be started again.`);
endProcess();

function nap(): void {
  Atomics.wait(never, 0, 0, POLL_MS);
}

function say(sentence: string): void {
  try {
    writeSync(2, `${sentence}\n`);
  } catch {
    // Nobody reads it (a closed or full pipe): all the more it has to end.
  }
}

function endProcess(): void {
  process.kill(pid, 'SIGABRT');
  nap();
  // Still here: this is process 1 of a container, and the kernel keeps from it every signal of its own namespace that
  // has no handler. A trap of the processor it does not keep; V8 has one for its own tests.
  setFlagsFromString('--allow-natives-syntax');
  new Function('%SystemBreak()')();
}
