import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RARE_SHARE, UNUSUAL_MAX, unusual } from '../../../src/diagnosis/templates/unusual.ts';

const past = Array.from({ length: 1_000 }, (_, n) => `served item ${n} in ${n % 90} ms`);
const recent = (...lines: readonly string[]) =>
  lines.map((text, index) => ({ text, citation: `E1:${index + 1}` }));

test('what the past has not is new, with how often it came and where it stands first', () => {
  assert.deepEqual(
    unusual(past, recent('served item 7 in 3 ms', 'connection to db1 lost', 'connection to db2 lost')),
    [{ template: 'connection to <*> lost', kind: 'new', count: 2, citation: 'E1:2' }],
  );
});

test('what the past hardly has is rare, what it has more often is not', () => {
  const lines = past.length * RARE_SHARE;
  const often = Array.from({ length: lines + 1 }, () => 'cache is cold');
  assert.deepEqual(unusual([...past, 'slow query', ...often], recent('slow query', 'cache is cold')), [
    { template: 'slow query', kind: 'rare', count: 1, citation: 'E1:1' },
  ]);
});

test('new comes before rare, and what speaks of trouble before what does not', () => {
  const found = unusual([...past, 'slow query'], recent('slow query', 'hello there', 'disk write failed'));
  assert.deepEqual(
    found.map(({ template }) => template),
    ['disk write failed', 'hello there', 'slow query'],
  );
});

test('of no past nothing is said: all would be new', () => {
  assert.deepEqual(unusual([], recent('connection lost')), []);
});

test('no more are named than are read', () => {
  const many = Array.from({ length: 100 }, (_, n) => `${'very '.repeat(n)}odd`);
  assert.equal(unusual(past, recent(...many)).length, UNUSUAL_MAX);
});

test('an enormous line is named by its beginning', () => {
  const [found] = unusual(past, recent('very long '.repeat(100_000)));
  assert.ok(found !== undefined && found.template.length <= 1_000);
});
