import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AlarmQueue } from '../../src/engine/alarmQueue.ts';
import { Alarms } from '../../src/engine/alarms.ts';
import { ManualClock } from '../fakes/clock.ts';

function open() {
  const clock = new ManualClock(0);
  const rung: string[] = [];
  const alarms = new Alarms(clock, (incident) => {
    rung.push(`${incident} at ${clock.now()}`);
    alarms.set(incident, null);
  });
  return { clock, rung, alarms };
}

test('alarms ring in the order of their times, whichever was set first', async () => {
  const { clock, rung, alarms } = open();
  alarms.set('late', 300);
  alarms.set('early', 100);
  alarms.set('between', 200);
  await clock.advance(1_000);
  assert.deepEqual(rung, ['early at 100', 'between at 200', 'late at 300']);
  assert.equal(clock.sleeping, 0);
});

test('a moved alarm rings at its new time alone, and an ended one never', async () => {
  const { clock, rung, alarms } = open();
  alarms.set('moved', 100);
  alarms.set('ended', 150);
  await clock.advance(50);
  alarms.set('moved', 400);
  alarms.set('ended', null);
  await clock.advance(1_000);
  assert.deepEqual(rung, ['moved at 400']);
});

test('an alarm that rang and was not moved rings again until it is', async () => {
  const clock = new ManualClock(0);
  let rung = 0;
  const alarms = new Alarms(clock, () => {
    rung += 1;
  });
  alarms.set('stubborn', 100);
  await clock.advance(1_000);
  assert.equal(rung, 5);
  alarms.close();
  await clock.advance(1_000);
  assert.equal(rung, 5);
});

test('a jump of the wall clock forward lets an alarm ring within a minute', async () => {
  const { clock, rung, alarms } = open();
  alarms.set('far', 3_600_000);
  clock.jump(3_600_000);
  await clock.advance(60_000);
  assert.equal(rung.length, 1);
});

test('the queue gives what was put in, sorted', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (dues) => {
      const queue = new AlarmQueue();
      for (const [index, due] of dues.entries()) queue.add({ incident: String(index), at: due, due });
      const out = dues.map(() => queue.pop()?.due);
      assert.deepEqual(
        out,
        dues.toSorted((one, other) => one - other),
      );
      assert.equal(queue.pop(), null);
    }),
  );
});
