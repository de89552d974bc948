import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { judgeInstance } from '../../../src/core/observation.ts';
import { DockerBench, soon } from './dockerBench.ts';

let bench: DockerBench;
before(async () => {
  bench = await DockerBench.open();
});
after(() => bench[Symbol.asyncDispose]());

const FOREVER = 'trap "exit 0" TERM; while :; do sleep 0.05; done';

/** A container, and one that shares its network, as Compose's `network_mode: service:X` makes it. */
async function family() {
  const parent = await bench.runScript(FOREVER);
  const child = await bench.runScript(FOREVER, { network: `container:${parent.id}` });
  return { parent, child, look: () => bench.look(child.name) };
}

test('one that shares a network is well while the other runs, and has none once that was started anew', async () => {
  const { parent, child, look } = await family();
  assert.equal(judgeInstance(await look()).verdict, 'well');

  await bench.runtime.restart(parent, { stopTimeoutMs: 1_000 }, soon());
  assert.deepEqual(judgeInstance(await look()), {
    verdict: 'unwell',
    reason: `${child.name} has no network: ${parent.name}, whose network it shares, was started anew after it`,
  });

  await bench.runtime.restart(child, { stopTimeoutMs: 1_000 }, soon());
  assert.equal(judgeInstance(await look()).verdict, 'well');
});

test('it has no network either while the other is down, or when that is gone', async () => {
  const { parent, look } = await family();
  const container = bench.lab.docker.getContainer(parent.id);
  await container.stop({ t: 1 });
  assert.match(judgeInstance(await look()).reason, /whose network it shares, is exited$/);
  await container.remove();
  assert.match(judgeInstance(await look()).reason, /the container whose network it shares is gone$/);
});
