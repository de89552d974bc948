// What is shipped, judged by the tools of Prometheus and Alertmanager themselves.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { findProgram } from '../../e2e/lab/labFolder.ts';
import { monitoringFolder } from './ruleFiles.ts';

const DEADLINE_MS = 180_000;

async function run(program: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: monitoringFolder, timeout: DEADLINE_MS };
  const { stdout, stderr } = await promisify(execFile)(findProgram(program), args, options);
  return stdout + stderr;
}

const files = (pattern: string) => globSync(join(monitoringFolder, pattern)).sort();

it('Prometheus takes the configuration and finds all rule files', async () => {
  const said = await run(
    'promtool',
    'check',
    'config',
    '--lint=all',
    '--lint-fatal',
    'prometheus/prometheus.yml',
  );
  assert.match(said, new RegExp(`SUCCESS: ${files('prometheus/rules/*.yml').length} rule files found`));
});

it('Prometheus takes the rules, without a complaint of its linter', async () => {
  const said = await run(
    'promtool',
    'check',
    'rules',
    '--lint=all',
    '--lint-fatal',
    ...files('prometheus/rules/*.yml'),
  );
  assert.doesNotMatch(said, /FAILED|error|warn/i);
});

for (const file of files('prometheus/tests/*.test.yml')) {
  it(`the rules fire, and do not, as ${file.slice(monitoringFolder.length + 1)} says`, async () => {
    assert.match(await run('promtool', 'test', 'rules', file), /SUCCESS/);
  });
}

it('Alertmanager takes its configuration', async () => {
  const said = await run('amtool', 'check-config', 'alertmanager/alertmanager.yml');
  assert.match(said, /SUCCESS[\s\S]*5 receivers/);
});
