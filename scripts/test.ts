// `npm test [-- FILTER ...]`: all suites, or the files whose path contains one of the filters. First the fast ones,
// then those on real parts (`*.real.test.ts`: Docker Engine, Prometheus, Alertmanager). Where the real parts cannot
// be had, their suites are named as left out; with CI=true that is a failure: a green build has run them all.
import { globSync } from 'node:fs';
import { LabMissingError } from '../e2e/lab/labMissingError.ts';
import { openLab } from '../e2e/lab/openLab.ts';
import { LabSession } from './labSession.ts';
import { TestRunner } from './testRunner.ts';

const patterns = ['agent', 'predictor', 'dashboard', 'monitoring', 'e2e', 'bench', 'test'].map(
  (folder) => `${folder}/**/*.test.ts`,
);

async function main(filters: readonly string[]): Promise<number> {
  const all = globSync(patterns, { exclude: ['**/node_modules/**'] }).sort();
  const files = all.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  if (files.length === 0) {
    console.error(`No test file matches ${filters.join(' ')}.`);
    return 1;
  }
  const real = files.filter((file) => file.endsWith('.real.test.ts'));
  const fast = files.filter((file) => !real.includes(file));
  const runner = new TestRunner();
  const fastCode = fast.length === 0 ? 0 : await runner.run('fast suites', fast);
  if (real.length === 0 || runner.interrupted) return fastCode;
  const realCode = await runReal(runner, real, fast.length > 0);
  return Math.max(fastCode, realCode);
}

async function runReal(runner: TestRunner, files: readonly string[], othersRan: boolean): Promise<number> {
  try {
    await using session = new LabSession(await openLab());
    // A signal that came while the engine started: its end is the end of this block.
    if (runner.interrupted) return 1;
    return await runner.run('suites on real parts', files, session.env);
  } catch (error) {
    if (!(error instanceof LabMissingError)) throw error;
    console.error(`\nNot run, because ${error.message}:`);
    for (const file of files) console.error(`  ${file}`);
    const optional = process.env['CI'] !== 'true' && othersRan;
    return optional ? 0 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
