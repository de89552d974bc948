import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { happenedTo } from '../../../../e2e/lab/happenedTo.ts';
import { judgeInstance } from '../../../src/core/observation.ts';
import { type Instance, runOf } from '../../../src/core/target.ts';
import { RuntimeError } from '../../../src/errors.ts';
import { NO_DISCOVERY } from '../../../src/runtimes/docker/discovery.ts';
import { DockerBench, soon, targetOf } from './dockerBench.ts';

let bench: DockerBench;
before(async () => {
  bench = await DockerBench.open();
});
after(() => bench[Symbol.asyncDispose]());

const container = (instance: Instance) => bench.lab.docker.getContainer(instance.id);
const becomes = (name: string, what: string, accept: (instance: Instance) => boolean) =>
  bench.eventually(`${name} ${what}`, () => bench.look(name), accept);
it('a paused container is paused, whatever its health says, and a restart makes it run', async () => {
  const running = await bench.runScript('sleep 60');
  await container(running).pause();
  const paused = await bench.look(running.name);
  assert.equal(paused.status, 'paused');
  assert.equal(judgeInstance(paused).verdict, 'unwell');
  assert.equal(paused.exitCode, null);
  await bench.runtime.restart(paused, { stopTimeoutMs: 1_000 }, soon());
  const restarted = await bench.look(running.name);
  assert.equal(restarted.status, 'running');
  assert.notEqual(runOf(restarted), runOf(running));
});

it('a crash loop is seen as restarting under supervision, with the code it ended with', async () => {
  const { name } = await bench.runScript('exit 7', { restartPolicy: { name: 'always' } });
  const held = await becomes(name, 'to be held back', ({ status }) => status === 'restarting');
  assert.equal(held.supervised, true);
  assert.equal(held.exitCode, 7);
});

it('a start of what the restart policy holds back says that nothing was started', async () => {
  const { name } = await bench.runScript('exit 7', { restartPolicy: { name: 'always' } });
  // Its first pauses are short. After some of them, one lasts long enough for the start to fall into it.
  const inspect = () => bench.lab.docker.getContainer(name).inspect();
  await bench.eventually('some attempts', inspect, ({ RestartCount }) => RestartCount >= 5);
  const held = await becomes(name, 'to be held back', ({ status }) => status === 'restarting');
  await assert.rejects(bench.runtime.start(held, soon()), (error) => {
    assert.ok(error instanceof RuntimeError);
    assert.deepEqual([error.code, error.applied], ['RUNTIME_FAILED', 'no']);
    return /holds it back/.test(error.message);
  });
});

it('what was stopped by somebody is supervised by nobody, whatever its restart policy', async () => {
  const running = await bench.runScript('sleep 60', { restartPolicy: { name: 'always' } });
  assert.equal(running.supervised, true);
  await container(running).stop({ t: 0 });
  const stopped = await bench.look(running.name);
  assert.equal(stopped.status, 'exited');
  assert.equal(stopped.supervised, false);
});

it('a restart policy with a number of attempts supervises until they are used up', async () => {
  const { name } = await bench.runScript('exit 1', { restartPolicy: { name: 'on-failure', retriesMax: 1 } });
  const ended = await becomes(name, 'to have given up', ({ status }) => status === 'exited');
  assert.equal(ended.supervised, false);
  assert.equal(ended.exitCode, 1);
});

it('a container that was only created never ran, and a start makes it run', async () => {
  const { name } = await bench.lab.createService({
    command: ['sleep', '60'],
    healthcheck: 'none',
    publish: false,
  });
  const created = await bench.look(name);
  assert.equal(created.status, 'created');
  assert.equal(created.startedAt, null);
  assert.equal(created.exitCode, null);
  await bench.runtime.start(created, soon());
  assert.equal((await bench.look(name)).status, 'running');
});

it('a container whose program does not exist has never run', async () => {
  const service = await bench.lab.createService({
    command: ['/no/such/program'],
    healthcheck: 'none',
    publish: false,
  });
  const instance = await bench.look(service.name);
  await assert.rejects(bench.runtime.start(instance, soon()), (error) => {
    assert.ok(error instanceof RuntimeError);
    return /no such file/.test(error.message);
  });
  assert.equal((await bench.look(service.name)).startedAt, null);
});

it('an end in success has the code 0', async () => {
  const { name } = await bench.runScript('exit 0');
  const ended = await becomes(name, 'to have ended', ({ status }) => status === 'exited');
  assert.equal(ended.exitCode, 0);
  assert.match(judgeInstance(ended).reason, /exited with code 0/);
});

it('a container that was killed for its memory says so', async () => {
  // The engine may hear of the end before it hears of the memory, and then says nothing of it: the one that takes
  // memory is a child here, and its parent ends when the engine has heard.
  const hog =
    "sh -c 'a=x; while :; do a=$a$a$a$a; done'; while [ ! -e /tmp/end ]; do sleep 0.05; done; exit 137";
  const begun = Math.floor(Date.now() / 1_000);
  const running = await bench.runScript(hog, { memoryBytesMax: 16 * 1024 * 1024 });
  await bench.eventually(
    'the engine to have heard of it',
    () => happenedTo(bench.lab.docker, running.id, begun),
    (all) => all.some(({ action }) => action === 'oom'),
  );
  await bench.exec(running, ': > /tmp/end');
  const ended = await becomes(running.name, 'to have ended', ({ status }) => status === 'exited');
  assert.equal(ended.exitCode, 137);
  assert.equal(ended.oomKilled, true);
});

it('health is none without a check, then starting, healthy and unhealthy with one', async () => {
  const without = await bench.runScript('sleep 60');
  assert.equal(without.health, 'none');
  assert.equal(without.startPeriodMs, 0);

  const check = {
    command: ['sh', '-c', '[ -e /tmp/well ]'],
    intervalMs: 200,
    retries: 2,
    startPeriodMs: 1_000,
  };
  const options = { healthcheck: check };
  const slow = await bench.runScript('sleep 60', options);
  assert.equal(slow.health, 'starting');
  assert.equal(slow.startPeriodMs, 1_000);
  await becomes(slow.name, 'to be unhealthy', ({ health }) => health === 'unhealthy');
  await bench.exec(slow, ': > /tmp/well');
  await becomes(slow.name, 'to be healthy', ({ health }) => health === 'healthy');

  const kinds: string[] = [];
  await bench.runtime.evidence(slow, ({ kind }) => void kinds.push(kind), soon(), null);
  assert.deepEqual(kinds.sort(), ['health-log', 'inspect', 'logs', 'stats']);
});

it('a container that is made anew under its name is another instance, and another run', async () => {
  const first = await bench.runScript('sleep 60', { name: 'anew' });
  await container(first).remove({ force: true });
  const second = await bench.runScript('sleep 61', { name: 'anew' });
  assert.equal(second.name, first.name);
  assert.notEqual(runOf(second), runOf(first));
  const restart = bench.runtime.restart(first, { stopTimeoutMs: 0 }, soon());
  await assert.rejects(restart, (error) => error instanceof RuntimeError && error.code === 'RUNTIME_GONE');
  assert.equal(runOf(await bench.look(second.name)), runOf(second), 'the new one is untouched');
});

it('a Compose service has its instances, of its project alone, and no one-off among them', async () => {
  const project = bench.lab.runId;
  const compose = (service: string, number: number, of = project) => ({ project: of, service, number });
  const one = await bench.runScript('sleep 60', { name: 'web-1', compose: compose('web', 1) });
  const two = await bench.runScript('sleep 60', { name: 'web-2', compose: compose('web', 2) });
  await bench.runScript('sleep 60', { name: 'db-1', compose: compose('db', 1) });
  await bench.runScript('sleep 60', { name: 'other', compose: compose('web', 1, `${project}-other`) });
  const oneoff = { 'com.docker.compose.oneoff': 'True' };
  await bench.lab.runService({
    name: 'run-1',
    command: ['sleep', '60'],
    healthcheck: 'none',
    publish: false,
    compose: compose('web', 3),
    labels: oneoff,
  });
  const target = targetOf('web', { by: 'compose-service', service: 'web', project });
  const instances = await bench.runtime.instances(target, soon());
  assert.deepEqual(
    instances.map(({ id }) => id),
    [one.id, two.id],
  );
});

it('the revision changes with the configuration that Compose deployed', async () => {
  const hash = (value: string) => ({ 'com.docker.compose.config-hash': value });
  const old = await bench.runScript('sleep 60', { labels: hash('aaa') });
  const same = await bench.runScript('sleep 60', { labels: hash('aaa') });
  const next = await bench.runScript('sleep 60', { labels: hash('bbb') });
  assert.equal(same.revision, old.revision);
  assert.notEqual(next.revision, old.revision);
});

it('discovery on a real engine finds the labelled container, and restarts of it alone are possible', async () => {
  const name = `${bench.lab.runId}-found`;
  await bench.runScript('sleep 60', { labels: { 'mpa.target': name } });
  await bench.runScript('sleep 60', { labels: { autoheal: 'true' }, name: 'foreign' });
  const runtime = bench.runtimeWith({ ...NO_DISCOVERY, by: ['label'] });
  const targets = await runtime.discover(soon());
  const mine = targets.filter((target) => target.name.includes(bench.lab.runId));
  assert.deepEqual(
    mine.map((target) => target.name),
    [name],
  );
  const [target] = mine;
  assert.ok(target !== undefined);
  assert.equal((await runtime.instances(target, soon())).length, 1);
  assert.deepEqual(await bench.runtime.discover(soon()), [], 'nothing without discovery');
});
