// A process with a watchdog, for the tests of it: `node watchdogChild.ts LIMIT_MS hang | toil | released | idle`.
import { setImmediate as turn } from 'node:timers/promises';
import { SystemClock } from '../src/systemClock.ts';
import { startWatchdog } from '../src/watchdog.ts';

const [limitMs = 0, manner = ''] = [Number(process.argv[2]), process.argv[3]];
const watchdog = startWatchdog(new SystemClock(), limitMs);

switch (manner) {
  case 'hang':
    block(10 * limitMs);
    break;
  case 'toil':
    // Long over the limit in all, and never at a stretch.
    for (let round = 0; round < 8; round += 1) {
      block(limitMs / 4);
      // Two turns: one for the timer of the beat that is due, one for what follows it.
      await turn();
      await turn();
    }
    watchdog[Symbol.dispose]();
    break;
  case 'released':
    watchdog[Symbol.dispose]();
    block(3 * limitMs);
    break;
  default:
    process.on('SIGTERM', () => process.exit(0));
    setInterval(() => undefined, 60_000);
    process.stdout.write('watched\n');
}

function block(durationMs: number): void {
  const endAt = performance.now() + durationMs;
  while (performance.now() < endAt);
}
