import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from './clock.ts';

test('sleepers wake at their own time and in the order of their deadlines', async () => {
  const clock = new ManualClock(1_000);
  const woken: string[] = [];
  const sleep = (name: string, ms: number) =>
    clock.sleep(ms).then(() => woken.push(`${name} at ${clock.monotonic()}/${clock.now()}`));
  void sleep('late', 30);
  void sleep('first of two', 20);
  void sleep('second of two', 20);
  await clock.advance(29);
  assert.deepEqual(woken, ['first of two at 20/1020', 'second of two at 20/1020']);
  await clock.advance(1);
  assert.deepEqual(woken.at(-1), 'late at 30/1030');
  assert.equal(clock.sleeping, 0);
});

test('one advance carries a loop through all its turns', async () => {
  const clock = new ManualClock();
  const turns: number[] = [];
  void (async () => {
    while (turns.length < 5) {
      await clock.sleep(10);
      turns.push(clock.monotonic());
    }
  })();
  await clock.advance(35);
  assert.deepEqual(turns, [10, 20, 30]);
  assert.equal(clock.untilNext, 5);
});

test('an aborted sleep rejects with the reason and is forgotten', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const slept = clock.sleep(10, controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(slept, /enough/);
  assert.equal(clock.sleeping, 0);
  await assert.rejects(clock.sleep(10, controller.signal), /enough/);
});

test('a jump of the wall clock wakes nobody', async () => {
  const clock = new ManualClock(0);
  let woke = false;
  void clock.sleep(10).then(() => {
    woke = true;
  });
  clock.jump(3_600_000);
  await clock.advance(9);
  assert.equal(woke, false);
  assert.equal(clock.now(), 3_600_009);
  await clock.advance(1);
  assert.equal(woke, true);
});
