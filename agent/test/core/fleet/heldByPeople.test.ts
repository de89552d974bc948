import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldByPeople } from '../../../src/core/fleet/heldByPeople.ts';

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

test('so many are remembered and no more; one that is started makes room', () => {
  const held = new HeldByPeople();
  for (let n = 0; n < 10_000; n += 1) held.hold(`target-${n % 100}`, `id-${n}`, STOPPED);
  held.hold('web', 'one', STOPPED);
  assert.equal(held.has('web', 'one'), false);
  held.release('target-0', 'id-0');
  held.hold('web', 'one', STOPPED);
  assert.equal(held.has('web', 'one'), true);
});
