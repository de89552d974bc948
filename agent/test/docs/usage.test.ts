import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');
const SCRIPTS = {
  sim: 'agent/sim/main.ts',
  'sim:mutants': 'agent/sim/mutants/main.ts',
  soak: 'bench/soak.ts',
  bench: 'bench/bench.ts',
  image: 'scripts/image.ts',
  'crash-test': 'e2e/crash/main.ts',
};

type Ended = { readonly exitCode: number; readonly out: string; readonly err: string };

function call(file: string, ...args: readonly string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  execFile(process.execPath, [join(ROOT, file), ...args], { timeout: 60_000 }, (error, out, err) =>
    resolve({ exitCode: Number(error?.code ?? 0), out, err }),
  );
  return promise;
}

for (const [name, file] of Object.entries(SCRIPTS)) {
  test(`npm run ${name} -- --help prints its usage, and so does what it does not know`, async () => {
    const asked = await call(file, '--help');
    assert.equal(asked.exitCode, 0, asked.err);
    assert.ok(asked.out.startsWith(`npm run ${name} [-- `), asked.out);
    const unknown = await call(file, '--nonsense');
    assert.equal(unknown.exitCode, 2, unknown.err);
    assert.equal(unknown.out, '');
    assert.ok(unknown.err.includes('--nonsense') && unknown.err.endsWith(asked.out), unknown.err);
    assert.doesNotMatch(unknown.err, /^ +at /m);
  });
}

test('a script that takes no words says so', async () => {
  const { exitCode, err } = await call('agent/sim/main.ts', '100');
  assert.equal(exitCode, 2);
  assert.match(err, /^it takes no words, and was given '100'\n\nnpm run sim/);
});

test('a defect that there is none of is said so, with those that there are', async () => {
  const { exitCode, err } = await call('agent/sim/mutants/main.ts', 'nonsense');
  assert.equal(exitCode, 2);
  assert.match(err, /^there is no defect nonsense; there are: \w+/);
});
