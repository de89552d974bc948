import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { root } from './documents.ts';

it('the calls to the engine that the threat model lists are those that the code makes', () => {
  const code = globSync('agent/src/runtimes/docker/*.ts', { cwd: root })
    .map((path) => readFileSync(root + path, 'utf8'))
    .join('\n');
  const made = [
    ...[...code.matchAll(/pathOf\([^,()]+, '(\w+)'\)/g)].map(([, call]) => `/containers/{id}/${call}`),
    ...[...code.matchAll(/path: '(\/[^']+)'/g)].map(([, path]) => path),
  ];
  const listed = [...readFileSync(`${root}SECURITY.md`, 'utf8').matchAll(/(?:GET|POST) +(\/\S+)/g)];
  assert.deepEqual([...new Set(made)].sort(), listed.map(([, path]) => path).sort());
});
