import assert from 'node:assert/strict';
import { test } from 'node:test';
import { START_AT } from './given.ts';
import { Harness } from './harness.ts';

test('an agent knows when the one before it last said something, so that it can ask what happened since', async () => {
  const first = await Harness.started();
  assert.equal(first.engine.lastWordAt, null);
  await first.clock.advance(60_000);
  const second = await Harness.restarted(first);
  assert.equal(second.engine.lastWordAt, START_AT);
});
