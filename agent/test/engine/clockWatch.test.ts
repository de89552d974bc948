import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockWatch } from '../../src/engine/clockWatch.ts';
import { ManualClock } from '../fakes/clock.ts';

test('to ask whether the clock jumped changes no answer that comes later', () => {
  const clock = new ManualClock();
  const watch = new ClockWatch(clock);
  clock.jump(1_500);
  assert.equal(watch.hasJumped(), false);
  clock.jump(1_500);
  assert.equal(watch.hasJumped(), true);
  assert.equal(watch.tellJump(), 3_000);
});

test('drift that is followed adds up to no jump', () => {
  const clock = new ManualClock();
  const watch = new ClockWatch(clock);
  for (let times = 0; times < 10; times += 1) {
    clock.jump(1_500);
    watch.followDrift();
  }
  assert.equal(watch.hasJumped(), false);
  assert.equal(watch.tellJump(), null);
});

test('a jump is told until it is recorded, and is no drift', () => {
  const clock = new ManualClock();
  const watch = new ClockWatch(clock);
  clock.jump(5_000);
  watch.followDrift();
  assert.equal(watch.tellJump(), 5_000);
  assert.equal(watch.tellJump(), 5_000);
  watch.recorded();
  assert.equal(watch.tellJump(), null);
});
