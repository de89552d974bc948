import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bounded, deadlineIn } from '../../src/engine/deadline.ts';
import { ManualClock } from '../fakes/clock.ts';

test('a deadline aborts when its time is over, or with its parent, and not once it is disposed', async () => {
  const clock = new ManualClock();
  const parent = new AbortController();
  const past = deadlineIn(clock, 1_000, parent.signal);
  const cut = deadlineIn(clock, 5_000, parent.signal);
  const disposed = deadlineIn(clock, 500, parent.signal);
  disposed[Symbol.dispose]();
  await clock.advance(1_000);
  assert.match(String(past.signal.reason), /no answer within 1000 ms/);
  assert.equal(cut.signal.aborted, false);
  parent.abort(new Error('the agent stops'));
  assert.match(String(cut.signal.reason), /the agent stops/);
  assert.equal(deadlineIn(clock, 1_000, parent.signal).signal.aborted, true);
  assert.equal(disposed.signal.aborted, false);
  cut[Symbol.dispose]();
});

test('work that is no longer waited for may fail: its rejection ends nothing', async () => {
  const unheard: unknown[] = [];
  const note = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', note);
  try {
    const over = AbortSignal.abort(new Error('the agent stops'));
    await assert.rejects(bounded(Promise.reject(new Error('not sent any more')), over), /the agent stops/);
    // Unheard rejections are told when the microtasks of a turn are done.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(unheard, []);
  } finally {
    process.off('unhandledRejection', note);
  }
});
