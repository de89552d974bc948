import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldByPeople } from '../../../src/core/fleet/heldByPeople.ts';
import { instance } from '../guards/request.ts';

const STOPPED = { how: 'stopped', at: 1_000 } as const;

test('a target is held while any of its instances is, in the way that was told last', () => {
  const held = new HeldByPeople();
  held.hold('web', 'one', STOPPED);
  held.hold('web', 'two', { how: 'paused', at: 2_000 });
  assert.equal(held.howAny('web'), 'paused');
  held.release('web', 'two');
  assert.equal(held.howAny('web'), 'stopped');
  held.release('web', 'one');
  held.release('web', 'one');
  assert.equal(held.howAny('web'), null);
});

test('what is held of one target says nothing of another whose name begins alike', () => {
  const held = new HeldByPeople();
  held.hold('web shop', 'one', STOPPED);
  assert.equal(held.howAny('web'), null);
  assert.equal(held.hasAnySince('web', 0, 5_000), false);
  assert.equal(held.hasAnySince('web shop', 0, 5_000), true);
});

/** As many as are remembered one by one, of a hundred targets. */
function full(): HeldByPeople {
  const held = new HeldByPeople();
  for (let n = 0; n < 10_000; n += 1) held.hold(`target-${n % 100}`, `id-${n}`, STOPPED);
  return held;
}

test('so many are remembered and no more; one that is started makes room', () => {
  const held = full();
  held.hold('web', 'one', STOPPED);
  assert.equal(held.has('web', 'one'), false);
  held.release('target-0', 'id-0');
  held.hold('web', 'one', STOPPED);
  assert.equal(held.has('web', 'one'), true);
});

test('what there is no room for stays stopped: its target is held as a whole, and no other', () => {
  const held = full();
  assert.deepEqual(held.size, { instances: 10_000, targets: 0 });
  held.hold('web', 'one', STOPPED);
  assert.deepEqual(held.size, { instances: 10_000, targets: 1 });
  const down = instance({ id: 'one', status: 'exited', startedAt: 500 });
  assert.equal(held.how('web', down), 'stopped');
  assert.equal(held.how('shop', down), null);
  assert.equal(held.how('web', { ...down, status: 'running' }), null);
  assert.equal(held.how('web', { ...down, startedAt: 2_000 }), null, 'somebody started it since');
  assert.equal(held.howAny('web'), 'stopped');
  assert.equal(held.hasAnySince('web', 500, 1_500), true);
  assert.equal(held.mayHave('web', 'one'), true);
  assert.equal(held.has('web', 'one'), false, 'whose death is news is not known');
});

test('one that is known is stopped anew where there is no room for another', () => {
  const held = full();
  held.hold('target-0', 'id-0', { how: 'paused', at: 3_000 });
  assert.deepEqual(held.size, { instances: 10_000, targets: 0 });
  const down = instance({ id: 'id-0', status: 'exited', startedAt: 2_000 });
  assert.equal(held.how('target-0', down), 'paused');
});
