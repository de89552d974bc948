import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../../src/core/fleet/history.ts';
import { FLEET_MEMORY_MS } from '../../../src/core/fleet/remembered.ts';

/** The upper bound, and more than are forgotten at once. */
const RECORDS_MAX = 20_000;
const MANY = 1_000;

type Happening = { readonly target: string; readonly at: number; readonly name: string };

function historyOf(...happenings: readonly (readonly [target: string, at: number])[]): History<Happening> {
  const history = new History<Happening>();
  for (const [target, at] of happenings) history.add({ target, at, name: `${target}@${at}` });
  return history;
}

const names = (records: readonly Happening[]) => records.map(({ name }) => name);

test('a history answers for one target, for the last of each, and for the last of all', () => {
  const history = historyOf(['web', 1], ['db', 2], ['web', 3], ['db', 4], ['queue', 5]);
  assert.deepEqual(names(history.of('web', 0)), ['web@1', 'web@3']);
  assert.deepEqual(names(history.of('web', 1)), ['web@3'], 'what happened at `since` itself is out');
  assert.deepEqual(history.of('nobody', 0), []);
  assert.deepEqual(names(history.lastOfEach(3)), ['db@4', 'queue@5']);
  assert.deepEqual(names(history.last(2, 0)), ['db@4', 'queue@5']);
  assert.deepEqual(names(history.last(9, 3)), ['db@4', 'queue@5']);
  assert.equal(history.newest?.name, 'queue@5');
});

test('what is taken out is gone from every answer, and the last that matches is taken', () => {
  const history = historyOf(['web', 1], ['db', 2], ['web', 3], ['queue', 4]);
  assert.equal(history.take('web', () => true)?.name, 'web@3');
  assert.deepEqual(names(history.of('web', 0)), ['web@1']);
  assert.deepEqual(names(history.last(9, 0)), ['web@1', 'db@2', 'queue@4']);
  assert.equal(
    history.take('db', () => false),
    undefined,
  );
  assert.equal(history.take('db', () => true)?.name, 'db@2');
  assert.deepEqual(names(history.lastOfEach(0)), ['web@1', 'queue@4']);
});

test('beyond the upper bound the oldest are forgotten, of whichever target they are, and no others', () => {
  const history = new History<Happening>();
  for (let at = 1; at <= RECORDS_MAX + MANY; at += 1) {
    const target = at <= 3 ? 'early' : `busy-${at % 7}`;
    history.add({ target, at, name: `${at}` });
    history.forget(at);
  }
  assert.deepEqual(history.of('early', 0), []);
  const kept = Array.from({ length: 7 }, (_, index) => history.of(`busy-${index}`, 0)).flat();
  assert.ok(kept.length <= RECORDS_MAX, `${kept.length} are kept`);
  const oldest = Math.min(...kept.map(({ at }) => at));
  assert.equal(
    kept.length,
    RECORDS_MAX + MANY - oldest + 1,
    'none is missing between the oldest and the newest',
  );
  assert.deepEqual(names(history.last(kept.length + 1, 0)).length, kept.length, 'both lists keep the same');
});

test('what is younger than the memory is kept, however much of the older is forgotten', () => {
  const history = new History<Happening>();
  for (let index = 0; index < MANY; index += 1) history.add({ target: 'web', at: index, name: 'old' });
  const now = 2 * FLEET_MEMORY_MS + MANY;
  history.add({ target: 'web', at: now - 1, name: 'young' });
  for (let turn = 0; turn < 10; turn += 1) history.forget(now);
  assert.ok(history.of('web', -1).length < MANY, 'old ones are forgotten');
  assert.equal(history.newest?.name, 'young');
  assert.deepEqual(names(history.of('web', MANY)), ['young']);
});

test('a jump of the clock moves all alike', () => {
  const history = historyOf(['web', 1], ['db', 2]);
  history.moveInTime(100);
  assert.deepEqual(
    history.last(2, 0).map(({ at }) => at),
    [101, 102],
  );
  assert.deepEqual(names(history.of('db', 101)), ['db@2']);
  assert.deepEqual(history.of('web', 101), []);
});
