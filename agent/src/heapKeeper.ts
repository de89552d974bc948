import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from './ports.ts';

/** What has to be known of a heap to keep it small. */
export type Heap = {
  /** What lives there, and what is not known to be dead. */
  readonly usedBytes: () => number;
  readonly collect: () => void;
};

/** How often the heap is looked at, milliseconds. */
const LOOK_MS = 100;
/** Up to here V8 does as it likes: an agent that has little to do is never stopped by this, bytes. */
const HEAP_BYTES_FREE = 60 * 1024 * 1024;
/** Beyond, it may grow by so much over what a collection left. */
const GROWTH_SHARE = 0.1;

/**
 * Keeps the heap of an agent in a storm near what it needs, until the signal aborts: garbage is collected as soon as it
 * is a tenth of the heap.
 *
 * V8 by itself lets it become much more. What a batch of decisions holds outlives the small new space, and in the old
 * space V8 looks for garbage late: where it marks in steps, it lets the new space grow to 20 MB until it is done; where
 * it does not, it looks only when something is made in the old space itself. A collection takes 50 to 80 ms with
 * 10,000 open incidents.
 */
export async function keepHeapSmall(
  clock: Clock,
  signal: AbortSignal,
  heap: Heap = ownHeap(),
): Promise<void> {
  let limit = HEAP_BYTES_FREE;
  while (!signal.aborted) {
    if (heap.usedBytes() > limit) {
      heap.collect();
      limit = Math.max(HEAP_BYTES_FREE, heap.usedBytes() * (1 + GROWTH_SHARE));
    }
    await clock.sleep(LOOK_MS, signal).catch(() => undefined); // Aborted: the loop ends.
  }
}

/** The heap of this very thread. */
export function ownHeap(): Heap {
  // V8's collector is there only for contexts that are made after this.
  setFlagsFromString('--expose-gc');
  return {
    usedBytes: oldBytes,
    // What V8 puts there under this name is a function that takes nothing.
    collect: runInNewContext('gc') as () => void,
  };
}

/**
 * Without the new space: what dies there is gone by itself, however large the space is. Counted with it, an agent at
 * Node's defaults is stopped for nothing, and one recovery in a hundred begins 15 ms later.
 */
function oldBytes(): number {
  let bytes = 0;
  for (const { space_name: name, space_used_size: used } of getHeapSpaceStatistics())
    if (!name.startsWith('new_')) bytes += used;
  return bytes;
}
