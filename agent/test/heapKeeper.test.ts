import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepHeapSmall, ownHeap } from '../src/heapKeeper.ts';
import { ManualClock } from './fakes/clock.ts';

const MB = 1024 * 1024;

/** A heap in which so much lives, and which holds as much as the test says. */
function keep(liveMB: number) {
  const clock = new ManualClock();
  const over = new AbortController();
  const heap = { usedMB: liveMB, collections: 0 };
  const kept = keepHeapSmall(clock, over.signal, {
    usedBytes: () => heap.usedMB * MB,
    collect: () => {
      heap.collections += 1;
      heap.usedMB = liveMB;
    },
  });
  const growTo = async (usedMB: number) => {
    heap.usedMB = usedMB;
    await clock.advance(1_000);
    return heap.collections;
  };
  const end = async () => {
    over.abort(new Error('the test is over'));
    await kept;
  };
  return { growTo, end };
}

describe('the keeper of the heap', () => {
  it('leaves a small heap alone, however much of it is garbage', async () => {
    const { growTo, end } = keep(10);
    assert.equal(await growTo(59), 0);
    await end();
  });

  it('collects what is over, and then only when it has grown by a tenth again', async () => {
    const { growTo, end } = keep(100);
    assert.equal(await growTo(101), 1);
    assert.equal(await growTo(109), 1);
    assert.equal(await growTo(111), 2);
    await end();
  });

  it('gives the memory of garbage back', () => {
    const heap = ownHeap();
    let garbage: unknown[] | null = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    assert.equal(garbage.length, 100_000);
    // It lives, and so it grows old.
    heap.collect();
    const before = heap.usedBytes();
    assert.equal(garbage.length, 100_000);
    garbage = null;
    heap.collect();
    assert.ok(heap.usedBytes() < before - MB);
  });
});
