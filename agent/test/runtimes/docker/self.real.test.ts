import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { SelfIdentity } from '../../../src/core/guards/guard.ts';
import { DockerBench } from './dockerBench.ts';

const repository = join(import.meta.dirname, '..', '..', '..', '..');
const FINDER = `
import { EngineClient } from '/repo/agent/src/runtimes/docker/engineClient.ts';
import { DockerSelf } from '/repo/agent/src/runtimes/docker/self.ts';
const client = new EngineClient({ kind: 'unix', path: '/engine/docker.sock' });
console.log(JSON.stringify(await new DockerSelf(client, null).find(AbortSignal.timeout(10000))));
`;

let bench: DockerBench;
before(async () => {
  bench = await DockerBench.open();
});
after(() => bench[Symbol.asyncDispose]());

/** Runs the finder inside of a container and answers with what it found, and the container's id. */
async function findInside(
  name: string,
  options: { readonly Hostname?: string; readonly HostConfig?: { readonly NetworkMode: string } },
  withEngine = true,
) {
  const { host } = bench.client;
  assert.ok(host.kind === 'unix');
  const container = await bench.lab.docker.createContainer({
    Image: 'mpa-lab/node:26',
    name: `${bench.lab.runId}-${name}`,
    Cmd: ['node', '--input-type=module', '-e', FINDER],
    ...options,
    Labels: {
      ...bench.lab.labels,
      'com.docker.compose.project': bench.lab.runId,
      'com.docker.compose.service': name,
    },
    HostConfig: {
      ...options.HostConfig,
      Binds: [`${repository}:/repo:ro`, ...(withEngine ? [`${host.path}:/engine/docker.sock`] : [])],
    },
  });
  await container.start();
  const instance = await bench.eventually(
    'the finder to end',
    () => bench.look(`${bench.lab.runId}-${name}`),
    ({ status }) => status === 'exited',
  );
  const { text } = await bench.runtime.logs(
    instance,
    { lines: 50, since: null, maxBytes: 10_000 },
    AbortSignal.timeout(10_000),
  );
  assert.match(text, /^\{.*\}$/, text);
  // The script above prints nothing but what the finder answers.
  return { id: container.id, self: JSON.parse(text) as SelfIdentity };
}

it('an agent in a container finds itself', async () => {
  const { id, self } = await findInside('plain', {});
  const names = [`${bench.lab.runId}-plain`, 'plain', `${bench.lab.runId}/plain`];
  assert.deepEqual(self, { kind: 'container', id, names, how: 'mountinfo' });
});

it('an agent in a container with a host name of its own finds itself', async () => {
  const { id, self } = await findInside('named', { Hostname: 'somebody' });
  assert.equal(self.kind === 'container' && self.id, id);
});

it('an agent in a container on the host’s network finds itself', async () => {
  const { id, self } = await findInside('hosted', { HostConfig: { NetworkMode: 'host' } });
  assert.equal(self.kind === 'container' && self.id, id);
});

it('an agent in a container without an engine cannot tell which it is', async () => {
  const { self } = await findInside('blind', {}, false);
  assert.ok(self.kind === 'unknown' && /ENOENT/.test(self.reason), JSON.stringify(self));
});
