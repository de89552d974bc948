// Loaded into a real agent by a suite alone (`NODE_OPTIONS=--import`): on SIGUSR2 its main loop turns no more, as a
// defect would do. The product has no such door.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('SIGUSR2', () => {
    for (;;);
  });
}
