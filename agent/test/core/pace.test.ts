import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growingPause } from '../../src/core/pace.ts';

test('what is awaited is looked at often first, and as usual when it takes long', () => {
  assert.equal(growingPause(0, 1_000), 50);
  assert.equal(growingPause(4_000, 1_000), 500);
  assert.equal(growingPause(60_000, 1_000), 1_000);
});

test('nothing is looked at more often than usual', () => {
  assert.equal(growingPause(0, 20), 20);
});
