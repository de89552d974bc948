import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bounded } from '../../src/engine/deadline.ts';

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
