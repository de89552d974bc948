import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ACTIONS } from '../../src/actions/index.ts';
import { configOf } from '../config/load.ts';
import { blocksOf, pages, root } from './documents.ts';

const examples = pages()
  .flatMap(blocksOf)
  .filter(({ info }) => info === 'yaml');

test('the documentation has examples of the configuration', () => {
  assert.ok(examples.length >= 10, `${examples.length} were found`);
});

for (const [index, { page, text }] of examples.entries()) {
  test(`example ${index + 1}, in ${page}, can be loaded`, () => {
    configOf(text);
  });
}

test('every action stands in the table of actions', () => {
  const page = readFileSync(`${root}docs/strategies.md`, 'utf8');
  const missing = ACTIONS.map(({ name, kind }) => `| \`${name}\` | ${kind} |`).filter(
    (row) => !page.includes(row),
  );
  assert.deepEqual(missing, []);
});
