// `npm test [-- FILTER ...]`: all suites, or the files whose path contains one of the filters.
// The suites on real engines (Docker, Prometheus, Alertmanager) say plainly when their engine is missing;
// with CI=true a missing engine is a failure.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const filters = process.argv.slice(2);
const all = globSync([
  'agent/test/**/*.test.ts',
  'agent/sim/**/*.test.ts',
  'predictor/test/**/*.test.ts',
  'e2e/**/*.test.ts',
  'test/**/*.test.ts',
]).sort();
const files =
  filters.length === 0 ? all : all.filter((file) => filters.some((filter) => file.includes(filter)));
if (files.length === 0) {
  console.error(`No test file matches ${filters.join(' ')}.`);
  process.exit(1);
}
const done = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], { stdio: 'inherit' });
process.exit(done.status ?? 1);
