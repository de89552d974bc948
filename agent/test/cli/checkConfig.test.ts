import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { checkConfig } from '../../src/cli/checkConfig.ts';
import { load } from '../config/load.ts';

function run(text: string, json: boolean) {
  const out = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (written: string) => {
      out[name] += written;
    },
  });
  const code = checkConfig({
    file: 'mpa.yml',
    json,
    load: () => load(text),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
  });
  return { code, ...out };
}

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const mpa = (...args: readonly string[]) =>
  spawnSync(process.execPath, [MAIN, 'check-config', ...args], { encoding: 'utf8' });

const GOOD = 'targets: {web: {container: web, mode: observe, guards: {budget: {mutations: 1}}}}';
const BAD = 'mode: automatic\nservr: {}\n';

describe('mpa check-config', () => {
  it('takes its file by --config too, as other commands do, and never two', () => {
    const named = mpa('--config', 'no-such.yml');
    assert.match(named.stderr, /^error: no-such\.yml: there is no such file; give the path of another\n/);
    assert.match(mpa('-c', 'one.yml', 'two.yml').stderr, /^error: name one file, not two\n/);
  });

  it('says what is in force for each target and ends with 0', () => {
    const { code, stdout } = run(GOOD, false);
    assert.equal(code, 0);
    assert.match(stdout, /^mpa\.yml is good \(version [0-9a-f]{12}\)/);
    assert.match(stdout, /target web\n {2}runtime +docker\n {2}selects +container web\n {2}mode +observe\n/);
    assert.match(stdout, /guards\.budget +1 in 10m, then the breaker opens for 10m/);
    assert.match(stdout, /1\. agent-down \[auto\]/);
  });

  it('says every error with its place on standard error and ends with 1', () => {
    const { code, stdout, stderr } = run(BAD, false);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /error: mpa\.yml:1:7: mode: .*\nerror: mpa\.yml:2:1: servr: .*did you mean "server"/,
    );
    assert.match(stderr, /2 errors; it would not be loaded\n$/);
  });

  it('says the same as JSON', () => {
    const good = JSON.parse(run(GOOD, true).stdout);
    assert.equal(good.ok, true);
    assert.equal(good.effective.targets[0].name, 'web');
    const { code, stdout, stderr } = run(BAD, true);
    const bad = JSON.parse(stdout);
    assert.equal(code, 1);
    assert.equal(stderr, '');
    assert.deepEqual(
      bad.errors.map(({ line, column, key, nearest }: Record<string, unknown>) => [
        line,
        column,
        key,
        nearest,
      ]),
      [
        [1, 7, 'mode', null],
        [2, 1, 'servr', 'server'],
      ],
    );
  });
});
