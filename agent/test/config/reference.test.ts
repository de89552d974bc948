import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ACTIONS } from '../../src/actions/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { patternsPage } from '../../src/config/patternsPage.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { editorSchemaFile, referencePage } from '../../src/config/reference.ts';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('the reference of the configuration', () => {
  it('is what the schema says (npm run docs:config)', () => {
    const page = read('docs/configuration.md');
    assert.equal(page, referencePage(page, ACTIONS));
  });

  it('has the catalogue of patterns as it is (npm run docs:config)', () => {
    const page = read('docs/patterns.md');
    assert.equal(page, patternsPage(page));
    for (const { name } of shippedPatterns()) assert.ok(page.includes(`| \`${name}\` |`), name);
  });

  it('shows the schema for editors as the check has it (npm run docs:config)', () => {
    assert.equal(read('agent/mpa.schema.json'), editorSchemaFile(ACTIONS));
  });
});

describe('the example configuration at the root', () => {
  for (const environment of [{}, { MPA_SAMPLE_RUNTIME: 'docker' }]) {
    it(`can be loaded with ${JSON.stringify(environment)}`, () => {
      const file = fileURLToPath(new URL('mpa.yml', root));
      const result = loadConfig({ file, environment, actions: ACTIONS });
      assert.ok(result.ok, result.ok ? '' : result.problems.map(formatProblem).join('\n'));
    });
  }

  it('has nothing but the sample in its care', () => {
    const file = fileURLToPath(new URL('mpa.yml', root));
    const result = loadConfig({ file, environment: { MPA_SAMPLE_RUNTIME: 'docker' }, actions: ACTIONS });
    assert.ok(result.ok);
    assert.deepEqual(result.config.edge.discovery.by, []);
    assert.equal(result.config.settings.targets.length, 1);
  });
});
