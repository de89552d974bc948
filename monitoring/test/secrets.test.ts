import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeSecrets, PLACEHOLDER } from '../../scripts/makeSecrets.ts';
import { repositoryFolder } from './ruleFiles.ts';

test('an address takes the place of a placeholder, and of nothing else', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-secrets-'));
  const read = async (name: string) => (await readFile(join(folder.path, name), 'utf8')).trim();
  makeSecrets(folder.path, {});
  const token = await read('mpa_webhook_token');
  assert.equal(await read('people_now_url'), PLACEHOLDER);

  const given = 'https://hooks.example.org/on-call';
  assert.deepEqual(makeSecrets(folder.path, { people_now_url: given }), ['people_now_url']);
  assert.equal(await read('people_now_url'), given);
  assert.equal(await read('mpa_webhook_token'), token);

  assert.deepEqual(makeSecrets(folder.path, { people_now_url: 'https://hooks.example.org/other' }), []);
  assert.deepEqual(makeSecrets(folder.path, {}), []);
  assert.equal(await read('people_now_url'), given);
});

for (const [args, says] of [
  [['--people-now-url', 'on-call'], /^--people-now-url: on-call is no http:\/\/ or https:\/\/ address/],
  [['--people-now-url', 'file:///etc/passwd'], /is no http:\/\/ or https:\/\/ address/],
  [['--peple-now-url', 'https://hooks.example.org'], /^Unknown option '--peple-now-url'/],
] as const) {
  test(`\`npm run secrets -- ${args.join(' ')}\` says what is wrong and makes nothing`, () => {
    const script = join(repositoryFolder, 'scripts/secrets.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, says);
    assert.match(stderr, /\nusage: npm run secrets -- \[--agent-self-monitoring-url ADDRESS\]/);
  });
}
