import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { makeSecrets, PLACEHOLDER } from '../../scripts/makeSecrets.ts';
import { repositoryFolder } from '../lab/labFolder.ts';

const folder = mkdtempSync(join(tmpdir(), 'mpa-secrets-'));
after(() => rmSync(folder, { recursive: true }));
const read = (inside: string) =>
  Object.fromEntries(readdirSync(inside).map((name) => [name, readFileSync(join(inside, name), 'utf8')]));

test('every secret that docker-compose.yml names is made, for nobody else on the machine to reach', () => {
  const made = join(folder, 'made');
  makeSecrets(made, { people_now_url: 'https://hooks.example.org/on-call' });
  // Our own file: its `secrets` are entries by name.
  const { secrets } = parse(readFileSync(join(repositoryFolder, 'docker-compose.yml'), 'utf8')) as {
    secrets: Readonly<Record<string, { readonly file: string }>>;
  };
  assert.deepEqual(readdirSync(made).sort(), Object.keys(secrets).sort());
  assert.equal(statSync(made).mode & 0o777, 0o700);
  // The services in the containers are other users, and Compose mounts the files as they are.
  assert.equal(statSync(join(made, 'mpa_webhook_token')).mode & 0o777, 0o644);
  const contents = read(made);
  assert.equal(contents['people_now_url'], 'https://hooks.example.org/on-call\n');
  assert.equal(contents['people_by_day_url'], `${PLACEHOLDER}\n`);
  assert.match(contents['mpa_webhook_token'] ?? '', /^[\w-]{43}\n$/);
  assert.notEqual(contents['mpa_webhook_token'], contents['mpa_operator_token']);
});

test('a second call changes nothing', () => {
  const twice = join(folder, 'twice');
  assert.equal(makeSecrets(twice, { people_now_url: 'https://hooks.example.org/on-call' }).length, 8);
  const before = read(twice);
  assert.deepEqual(makeSecrets(twice, { people_now_url: 'https://hooks.example.org/other' }), []);
  assert.deepEqual(read(twice), before);
});
