import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { EngineClient } from '../../../src/runtimes/docker/engineClient.ts';
import { DockerSelf } from '../../../src/runtimes/docker/self.ts';
import type { SelfTraces } from '../../../src/runtimes/docker/selfTraces.ts';
import { FakeEngine, ID, inspectAnswer, json } from './fakeEngine.ts';

const soon = () => AbortSignal.timeout(10_000);
const SHORT = ID.slice(0, 12);
const OTHER = 'b'.repeat(64);

const mount = (root: string, point: string) =>
  `112 95 254:0 ${root} ${point} rw,relatime - ext4 /dev/vda rw\n`;
const MOUNTED = mount(`/var/lib/docker/containers/${ID}/resolv.conf`, '/etc/resolv.conf');
const COMPOSE = {
  'com.docker.compose.project': 'stack',
  'com.docker.compose.service': 'market-programmer-agent',
};
const SELF = inspectAnswer({ config: { Labels: COMPOSE } });

type World = {
  readonly mountinfo?: string;
  readonly cgroup?: string;
  readonly marker?: boolean;
  readonly hostname?: string;
  /** What the engine answers by path; everything else it does not know. */
  readonly engine?: Readonly<Record<string, unknown>>;
  readonly setting?: string;
};

/** Traces in a folder, and an engine; what the finder makes of them. */
async function find(world: World) {
  await using engine = await FakeEngine.open((response, request) => {
    const answer = world.engine?.[request.url ?? ''];
    json(answer === undefined ? 404 : 200, answer ?? { message: 'No such container' })(response, request);
  });
  await using traces = await writeTraces(world);
  return await new DockerSelf(engine.client, world.setting ?? null, traces).find(soon());
}

async function writeTraces(world: World): Promise<SelfTraces & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'mpa-self-'));
  const path = (name: string) => join(folder, name);
  await writeFile(path('mountinfo'), world.mountinfo ?? '');
  await writeFile(path('cgroup'), world.cgroup ?? '0::/\n');
  if (world.marker === true) await writeFile(path('dockerenv'), '');
  return {
    mountinfo: path('mountinfo'),
    cgroup: path('cgroup'),
    markers: [path('dockerenv')],
    hostname: world.hostname ?? 'workstation',
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const known = { [`/containers/${ID}/json`]: SELF, [`/containers/${SHORT}/json`]: SELF };

it('a mount of its own files tells the container, and its Compose names are its names', async () => {
  const self = await find({ mountinfo: MOUNTED, marker: true, engine: known });
  const names = ['web', 'market-programmer-agent', 'stack/market-programmer-agent'];
  assert.deepEqual(self, { kind: 'container', id: ID, names, how: 'mountinfo' });
});

it('mounts of other containers’ files on the host tell nothing', async () => {
  const mountinfo =
    mount('/', `/var/lib/docker/containers/${ID}/mounts/shm`) +
    mount(`/var/lib/docker/containers/${ID}/x`, '/data');
  assert.deepEqual(await find({ mountinfo, engine: known }), { kind: 'outside' });
});

it('the files that Podman mounts tell the container too', async () => {
  const root = `/var/lib/containers/storage/overlay-containers/${ID}/userdata/hosts`;
  const self = await find({ mountinfo: mount(root, '/etc/hosts'), marker: true, engine: known });
  assert.equal(self.kind === 'container' && self.how, 'mountinfo');
});

it('a cgroup tells the container, in either way of writing it', async () => {
  for (const line of [`5:devices:/docker/${ID}\n`, `0::/system.slice/docker-${ID}.scope\n`]) {
    const self = await find({ cgroup: `1:name=systemd:/\n${line}`, marker: true, engine: known });
    assert.equal(self.kind === 'container' && self.how, 'cgroup');
  }
});

it('a host name tells the container when the engine gave it this name', async () => {
  const self = await find({ hostname: SHORT, marker: true, engine: known });
  assert.deepEqual([self.kind, self.kind === 'container' && self.how], ['container', 'hostname']);
});

it('a container that has another host name is not taken for it', async () => {
  const other = inspectAnswer({ config: { Hostname: 'other' } });
  const self = await find({
    hostname: SHORT,
    marker: true,
    engine: { [`/containers/${SHORT}/json`]: other },
  });
  assert.equal(self.kind, 'unknown');
});

it('a stopped container cannot be the agent', async () => {
  const stopped = inspectAnswer({ state: { Status: 'exited' } });
  const engine = { [`/containers/${ID}/json`]: stopped };
  const self = await find({ mountinfo: MOUNTED, marker: true, engine });
  assert.ok(self.kind === 'unknown' && /web is exited/.test(self.reason));
});

it('the next trace is asked when the first cannot be confirmed', async () => {
  const mountinfo = MOUNTED.replaceAll(ID, OTHER);
  const self = await find({ mountinfo, cgroup: `5:devices:/docker/${ID}\n`, marker: true, engine: known });
  assert.equal(self.kind === 'container' && self.how, 'cgroup');
});

it('a setting is taken before all traces, and confirmed as well', async () => {
  const engine = { '/containers/agent/json': SELF };
  const self = await find({ setting: 'agent', mountinfo: MOUNTED.replaceAll(ID, OTHER), engine });
  assert.deepEqual([self.kind, self.kind === 'container' && self.how], ['container', 'setting']);
  const wrong = await find({ setting: 'agnet', mountinfo: MOUNTED, marker: true, engine: known });
  assert.ok(wrong.kind === 'unknown' && /no container agnet/.test(wrong.reason), 'no trace overrules it');
});

it('without any trace it is outside, and nobody is asked', async () => {
  await using traces = await writeTraces({});
  const nowhere = new EngineClient({ kind: 'unix', path: '/nonexistent.sock' });
  assert.deepEqual(await new DockerSelf(nowhere, null, traces).find(soon()), { kind: 'outside' });
});

it('a host that is called like an id, and unknown to the engine, is outside', async () => {
  assert.deepEqual(await find({ hostname: SHORT }), { kind: 'outside' });
});

it('in a container that the engine does not know it cannot tell, and says why', async () => {
  const self = await find({ mountinfo: MOUNTED, marker: true, engine: { '/info': { Name: 'host' } } });
  assert.ok(self.kind === 'unknown');
  assert.match(self.reason, /dockerenv says.*mountinfo: the engine knows no container a{64}.*runs on host/);
});

it('in a container and without an engine it cannot tell, and can when it is asked again', async () => {
  await using traces = await writeTraces({ mountinfo: MOUNTED, marker: true });
  let up = false;
  await using engine = await FakeEngine.open((response, request) => {
    if (up) json(200, SELF)(response, request);
    else response.destroy();
  });
  const finder = new DockerSelf(engine.client, null, traces);
  assert.equal((await finder.find(soon())).kind, 'unknown');
  up = true;
  assert.equal((await finder.find(soon())).kind, 'container');
});

it('beside an engine that runs on the same system, it is in none of its containers', async () => {
  const engine = { '/info': { Name: 'vm' } };
  assert.deepEqual(await find({ marker: true, hostname: 'vm', engine }), { kind: 'outside' });
  const nested = { mountinfo: MOUNTED, marker: true, hostname: SHORT, engine: { '/info': { Name: SHORT } } };
  assert.deepEqual(await find(nested), { kind: 'outside' });
});

it('an engine elsewhere with the same name proves nothing while one trace is left unanswered', async () => {
  await using traces = await writeTraces({ mountinfo: MOUNTED, marker: true, hostname: 'vm' });
  await using engine = await FakeEngine.open((response, request) => {
    if (request.url === '/info') json(200, { Name: 'vm' })(response, request);
    else json(500, { message: 'busy' })(response, request);
  });
  assert.equal((await new DockerSelf(engine.client, null, traces).find(soon())).kind, 'unknown');
});
