import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SystemClock } from '../src/systemClock.ts';

const clock = new SystemClock();

test('a sleep takes at least as long as was asked, by the monotonic clock', async () => {
  const start = clock.monotonic();
  await clock.sleep(20);
  assert.ok(clock.monotonic() - start >= 20);
});

test('a sleep that is aborted rejects with the reason, before and during', async () => {
  await assert.rejects(clock.sleep(60_000, AbortSignal.abort(new Error('before'))), /before/);
  const controller = new AbortController();
  const slept = clock.sleep(2 ** 40, controller.signal);
  controller.abort(new Error('during'));
  await assert.rejects(slept, /during/);
});

test('what is to be called after a time is called once, not before it, and not when it was called off', async () => {
  const start = clock.monotonic();
  const calls: string[] = [];
  const callOff = clock.after(5, () => calls.push('called off'));
  await new Promise<void>((resolve) => {
    clock.after(20, () => {
      calls.push('called');
      resolve();
    });
    callOff();
  });
  assert.ok(clock.monotonic() - start >= 20);
  await clock.sleep(20);
  assert.deepEqual(calls, ['called']);
});
