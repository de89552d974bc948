import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { ACTIONS } from '../../src/actions/index.ts';
import { type DemoOptions, prepareDemo } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/load.ts';
import { choosePort } from '../../src/demo/choosePort.ts';
import { SystemClock } from '../../src/systemClock.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

/** A checkout with what the demonstration needs of it. */
async function checkout() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mpa-demo-')));
  await mkdir(join(root, 'agent'));
  await cp(join(REPOSITORY, 'agent/sample'), join(root, 'agent/sample'), { recursive: true });
  await cp(join(REPOSITORY, 'mpa.yml'), join(root, 'mpa.yml'));
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

function prepare(root: string, rest: Partial<DemoOptions> = {}, said: string[] = []) {
  return prepareDemo({
    root,
    environment: { DOCKER_HOST: `unix://${root}/no.sock` },
    clock: new SystemClock(),
    isRunningLocally: async () => false,
    say: (sentence) => said.push(sentence),
    ...rest,
  });
}

test('without a Docker Engine the sample is a process, and the newcomer is told where and how to break it', async () => {
  await using place = await checkout();
  const said: string[] = [];
  const demo = await prepare(place.root, {}, said);
  assert.equal(demo.runtime, 'local');
  assert.match(said.join('\n'), /run as a process, not as a container: no Docker Engine answers/);
  const port = demo.environment['MPA_SAMPLE_PORT'];
  assert.ok(demo.greeting(null).includes(`curl -X POST http://127.0.0.1:${port}/break/crash\n`));
  assert.ok(demo.greeting(null).includes(`http://${demo.environment['MPA_LISTEN']}\n`));
  await demo.stop();
});

test('the example configuration takes the choice: one target, with its probe, and nothing discovered', async () => {
  await using place = await checkout();
  const demo = await prepare(place.root);
  for (const runtime of ['local', 'docker'] as const) {
    const environment = { ...demo.environment, MPA_SAMPLE_RUNTIME: runtime };
    const loaded = loadConfig({ file: demo.configFile, environment, actions: ACTIONS });
    assert.ok(loaded.ok, JSON.stringify(loaded));
    const { settings, edge } = loaded.config;
    assert.deepEqual(edge.discovery.by, []);
    assert.equal(`${edge.server.host}:${edge.server.port}`, demo.environment['MPA_LISTEN']);
    assert.equal(edge.journal.path, join(demo.stateFolder, 'journal.sqlite'));
    const [target] = settings.targets;
    assert.ok(target !== undefined && settings.targets.length === 1);
    assert.equal(target.runtime, runtime);
    const [probe] = target.probes;
    assert.equal(
      probe?.kind === 'http' ? probe.url : '',
      `http://127.0.0.1:${demo.environment['MPA_SAMPLE_PORT']}/health`,
    );
    assert.deepEqual(
      target.selector,
      runtime === 'docker'
        ? { by: 'label', label: 'mpa.demo', value: demo.environment['MPA_SAMPLE_ID'] }
        : {
            by: 'process',
            process: {
              command: [process.execPath, 'agent/sample/sample.ts'],
              cwd: place.root,
              env: { PORT: demo.environment['MPA_SAMPLE_PORT'] },
              stopTimeoutMs: 2_000,
            },
          },
    );
  }
});

test('another port is chosen when one is taken', async () => {
  await using place = await checkout();
  const taken = createServer();
  // Whether it is ours or somebody else's: afterwards the port is taken.
  await new Promise<void>((resolve) => {
    taken.once('error', () => resolve());
    taken.listen(8787, '127.0.0.1', resolve);
  });
  try {
    const demo = await prepare(place.root);
    assert.notEqual(demo.environment['MPA_LISTEN'], '127.0.0.1:8787');
    assert.match(demo.environment['MPA_LISTEN'] ?? '', /^127\.0\.0\.1:\d+$/);
  } finally {
    taken.close();
  }
});

test('what the person set is not chosen for them', async () => {
  await using place = await checkout();
  const environment = {
    MPA_LISTEN: '127.0.0.1:19999',
    MPA_SAMPLE_PORT: '19998',
    MPA_SAMPLE_RUNTIME: 'local',
  };
  const demo = await prepare(place.root, { environment });
  for (const [name, value] of Object.entries(environment)) assert.equal(demo.environment[name], value);
});

test('a process that is left of a killed agent is kept, with its port', async () => {
  await using place = await checkout();
  const first = await prepare(place.root);
  const asked: string[] = [];
  const next = await prepare(place.root, {
    environment: { DOCKER_HOST: process.env['DOCKER_HOST'] },
    isRunningLocally: async (folder, name) => {
      asked.push(folder, name);
      return true;
    },
  });
  assert.equal(next.runtime, 'local');
  assert.equal(next.environment['MPA_SAMPLE_PORT'], first.environment['MPA_SAMPLE_PORT']);
  assert.deepEqual(asked, [next.localFolder, 'sample']);
});

test('a state that cannot be read is chosen anew', async () => {
  await using place = await checkout();
  await mkdir(join(place.root, '.mpa'));
  await writeFile(join(place.root, '.mpa/demo.json'), '{"runtime":');
  assert.equal((await prepare(place.root)).runtime, 'local');
});

test('a port that is free is the one that was wanted', async () => {
  const free = await choosePort(0);
  assert.equal(await choosePort(free), free);
});
