import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { describeHost, parseDockerHost } from '../../../src/runtimes/docker/host.ts';

it('the configured address is taken before DOCKER_HOST, and that before the default socket', () => {
  const environment = { DOCKER_HOST: 'unix:///run/other.sock' };
  assert.deepEqual(parseDockerHost('unix:///a.sock', environment), { kind: 'unix', path: '/a.sock' });
  assert.deepEqual(parseDockerHost(null, environment), { kind: 'unix', path: '/run/other.sock' });
  assert.deepEqual(parseDockerHost(null, {}), { kind: 'unix', path: '/var/run/docker.sock' });
});

it('an address over the network has Docker’s own ports where it names none', () => {
  const proxy = { kind: 'tcp', host: 'proxy', port: 2375, tls: null };
  assert.deepEqual(parseDockerHost('tcp://proxy', {}), proxy);
  assert.deepEqual(parseDockerHost('tcp://[::1]:99', {}), { ...proxy, host: '::1', port: 99 });
});

it('an address is described as it is written', () => {
  for (const text of ['unix:///run/docker.sock', 'tcp://proxy:2375', 'tcp://[::1]:99']) {
    assert.equal(describeHost(parseDockerHost(text, {})), text);
  }
});

it('DOCKER_TLS_VERIFY wants the three files of DOCKER_CERT_PATH', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mpa-certs-'));
  try {
    const environment = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
    assert.throws(() => parseDockerHost('tcp://remote', environment), /ca\.pem/);
    for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder, `${name}.pem`), name);
    const tls = { ca: 'ca', cert: 'cert', key: 'key' };
    assert.deepEqual(parseDockerHost('tcp://remote', environment), {
      kind: 'tcp',
      host: 'remote',
      port: 2376,
      tls,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('an address that cannot be one is refused with the reason', () => {
  assert.throws(() => parseDockerHost('/var/run/docker.sock', {}), /must begin with unix:\/\/ or tcp:\/\//);
  assert.throws(() => parseDockerHost('unix://docker.sock', {}), /must be absolute/);
  assert.throws(() => parseDockerHost('tcp://', {}), /names no host/);
  assert.throws(() => parseDockerHost('ssh://host', {}), /must begin with/);
});

it('credentials in an address are refused, and not repeated', () => {
  assert.throws(
    () => parseDockerHost('tcp://user:geheim@host', {}),
    (error) => error instanceof Error && !error.message.includes('geheim'),
  );
});
