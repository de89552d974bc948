import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Engine, openEngine } from '../../../e2e/lab/engine.ts';
import { baseImage, ensureBaseImage } from '../../../e2e/lab/image.ts';
import { type Demo, prepareDemo } from '../../src/cli/start.ts';
import { SystemClock } from '../../src/systemClock.ts';

/** A checkout of its own on a real engine; what was made there for it is removed with it. */
async function openPlace() {
  const stack = new AsyncDisposableStack();
  const engine: Engine = stack.use(await openEngine());
  await ensureBaseImage(engine);
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mpa-demo-')));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'agent'));
  await cp(join(import.meta.dirname, '../../sample'), join(root, 'agent/sample'), { recursive: true });
  const said: string[] = [];
  const ids = new Set<string>();
  const prepare = async (bases: readonly string[] = [baseImage]): Promise<Demo> => {
    const demo = await prepareDemo({
      root,
      environment: { DOCKER_HOST: engine.dockerHost },
      clock: new SystemClock(),
      isRunningLocally: async () => false,
      say: (sentence) => said.push(sentence),
      bases,
    });
    ids.add(demo.environment['MPA_SAMPLE_ID'] ?? '');
    return demo;
  };
  const containers = async (id: string | undefined) => {
    assert.ok(id !== undefined && id !== '');
    return await engine.docker.listContainers({ all: true, filters: { label: [`mpa.demo=${id}`] } });
  };
  stack.defer(async () => {
    for (const id of ids)
      for (const { Id } of await containers(id)) await engine.docker.getContainer(Id).remove({ force: true });
  });
  return { engine, root, said, prepare, containers, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const status = async (demo: Demo): Promise<number> => {
  const port = demo.environment['MPA_SAMPLE_PORT'];
  return (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5_000) })).status;
};

test('where an engine answers and a base is there, the sample is a labelled container on loopback', async () => {
  await using place = await openPlace();
  const demo = await place.prepare();
  assert.equal(demo.runtime, 'docker', place.said.join('\n'));
  assert.equal(await status(demo), 200);
  const [container, ...others] = await place.containers(demo.environment['MPA_SAMPLE_ID']);
  assert.deepEqual(others, []);
  assert.equal(container?.Labels['mpa.target'], 'sample');
  assert.deepEqual(
    container?.Ports.map(({ IP }) => IP),
    ['127.0.0.1'],
  );
  await demo.stop();
  assert.deepEqual(await place.containers(demo.environment['MPA_SAMPLE_ID']), []);
});

test('a container that is left of a killed agent is kept as it is, also when it is broken', async () => {
  await using place = await openPlace();
  const first = await place.prepare();
  const [before] = await place.containers(first.environment['MPA_SAMPLE_ID']);
  await fetch(`http://127.0.0.1:${first.environment['MPA_SAMPLE_PORT']}/break/crash`, { method: 'POST' });
  assert.ok(before !== undefined);
  await place.engine.docker.getContainer(before.Id).wait();

  const next = await place.prepare();
  assert.equal(next.environment['MPA_SAMPLE_PORT'], first.environment['MPA_SAMPLE_PORT']);
  const [after] = await place.containers(next.environment['MPA_SAMPLE_ID']);
  assert.deepEqual([after?.Id, after?.State], [before.Id, 'exited']);
});

test('where the image cannot be had, the sample is a process and no container is left', async () => {
  await using place = await openPlace();
  // A sample that nobody has built yet.
  await appendFile(join(place.root, 'agent/sample/sample.ts'), `// ${place.root}\n`);
  const demo = await place.prepare([]);
  assert.equal(demo.runtime, 'local');
  assert.match(place.said.join('\n'), /not as a container: there is no image to build the sample on/);
  assert.deepEqual(await place.containers(demo.environment['MPA_SAMPLE_ID']), []);
});
