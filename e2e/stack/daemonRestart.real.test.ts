// The Docker daemon is ended under the whole stack, and started again. Not the one of whoever works here: one in a
// network and processes of its own, where `daemonRestarts.ts` runs.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInOwnWorld } from '../lab/ownWorld.ts';

test('the Docker daemon restarts under the stack, and everything comes back', async ({ signal }) => {
  const { code, output } = await runInOwnWorld(join(import.meta.dirname, 'daemonRestarts.ts'), signal);
  assert.equal(code, 0, output);
  assert.match(output, /pass [1-9]/, output);
  console.log(output);
});
