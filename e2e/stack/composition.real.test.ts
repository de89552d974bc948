// What docker-compose.yml comes to when Compose has read it: who has what rights, and who can talk to whom.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { dockerConfigFolder, repositoryFolder } from '../lab/labFolder.ts';

type Service = {
  readonly image: string;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly volumes?: readonly { readonly source?: string; readonly target: string }[];
  readonly [key: string]: unknown;
};
type Composition = {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
};

const MINIMAL = ['alertmanager', 'market-predictor', 'market-programmer-agent', 'prometheus', 'socket-proxy'];

async function compose(profile: string): Promise<Composition> {
  const file = join(repositoryFolder, 'docker-compose.yml');
  const options = ['--env-file', '/dev/null', '--file', file, '--profile', profile];
  const { stdout } = await promisify(execFile)(
    'docker',
    ['compose', ...options, 'config', '--format', 'json'],
    {
      env: { ...process.env, DOCKER_CONFIG: dockerConfigFolder(), COMPOSE_PROFILES: 'full' },
      timeout: 30_000,
    },
  );
  // What Compose makes of our own file.
  return JSON.parse(stdout) as Composition;
}

let full: Composition;
before(async () => {
  full = await compose('full');
});
const onNetwork = (name: string) =>
  Object.entries(full.services)
    .filter(([, { networks }]) => name in networks)
    .map(([service]) => service)
    .sort();

test('the profile `minimal` is the agent, its proxy, Prometheus, Alertmanager and the predictor', async () => {
  assert.deepEqual(Object.keys((await compose('minimal')).services).sort(), MINIMAL);
  assert.equal(Object.keys(full.services).length, MINIMAL.length + 6);
});

test('every service has no capability, a read-only root, a memory limit, a restart policy, and a pinned image', () => {
  for (const [name, service] of Object.entries(full.services)) {
    const { cap_drop, cap_add, read_only, security_opt, restart, mem_limit, privileged, image } = service;
    assert.deepEqual(
      { cap_drop, cap_add, read_only, security_opt, restart, privileged },
      {
        cap_drop: ['ALL'],
        cap_add: undefined,
        read_only: true,
        security_opt: ['no-new-privileges:true'],
        // After a crash of the daemon, what is `unless-stopped` stays down: the agent brings it back, and is itself `always`.
        restart: name === 'market-predictor' ? 'unless-stopped' : 'always',
        privileged: undefined,
      },
      name,
    );
    assert.ok(Number(mem_limit) > 0, `${name} has no memory limit`);
    assert.match(image, /:v?\d+\.\d+\.\d+(-\w+)?$/, name);
  }
});

test('the engine’s socket is given to the proxies alone, and only the agent reaches the one that may act', () => {
  const withSocket = Object.entries(full.services)
    .filter(([, { volumes = [] }]) =>
      // Also by a folder that holds it. The whole file system of the host shows a socket, and no capability to use it.
      volumes.some(
        ({ source = '', target }) =>
          /docker\.sock|^\/(var\/)?run\/?$/.test(source) || /docker\.sock/.test(target),
      ),
    )
    .map(([name]) => name);
  assert.deepEqual(withSocket.sort(), ['socket-proxy', 'socket-proxy-read']);
  assert.deepEqual(onNetwork('engine'), ['market-programmer-agent', 'socket-proxy']);
  assert.deepEqual(onNetwork('engine-read'), ['alloy', 'cadvisor', 'socket-proxy-read']);
  assert.deepEqual(Object.keys(full.services['socket-proxy']?.networks ?? {}), ['engine']);
});

test('the predictor reaches neither Alertmanager nor Loki, and only two networks lead out', () => {
  const predictor = Object.keys(full.services['market-predictor']?.networks ?? {});
  const reached = new Set(predictor.flatMap(onNetwork));
  assert.deepEqual([...reached].sort(), ['market-predictor', 'market-programmer-agent', 'prometheus']);
  const out = Object.entries(full.networks).filter(([, { internal }]) => internal !== true);
  assert.deepEqual(out.map(([name]) => name).sort(), ['market', 'people']);
});

test('every port is on loopback', () => {
  const addresses = Object.values(full.services).flatMap(({ ports = [] }) =>
    ports.map(({ host_ip }) => host_ip),
  );
  assert.deepEqual(new Set(addresses), new Set(['127.0.0.1']));
});
