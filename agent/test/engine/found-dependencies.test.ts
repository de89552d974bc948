import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from '../../src/core/target.ts';
import { settings, target } from './given.ts';
import { Harness } from './harness.ts';

test('what the runtime finds out about dependencies joins what is configured, and is gone with its target', async () => {
  const web = target('web', { dependsOn: ['disk'], mode: 'observe' });
  const harness = new Harness(settings({ targets: [web, target('db')] }));
  harness.runtime.found.push(
    { ...web, mode: 'auto', dependsOn: ['db'] },
    target('cache', { origin: 'discovered' }),
  );
  await harness.start();
  const known = (): readonly (readonly [string, Target['mode'], readonly string[]])[] =>
    harness.engine.knownTargets().map(({ name, mode, dependsOn }) => [name, mode, dependsOn]);
  assert.deepEqual(known(), [
    ['web', 'observe', ['disk', 'db']],
    ['db', 'auto', []],
    ['cache', 'auto', []],
  ]);
  await harness.engine.reload(settings({ targets: [target('db')] }), new Map());
  assert.deepEqual(
    known().map(([name]) => name),
    ['db', 'cache'],
  );
});
