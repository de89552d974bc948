import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { ServiceOptions } from '../../../e2e/lab/serviceOptions.ts';
import { EngineClient } from '../../src/runtimes/docker/engineClient.ts';
import { eventFeed } from '../../src/runtimes/docker/eventFeed.ts';
import { parseDockerHost } from '../../src/runtimes/docker/host.ts';
import { watchDocker } from '../../src/serve/dockerWatch.ts';
import { SystemClock } from '../../src/systemClock.ts';
import { FakeControl } from '../fakes/control.ts';
import { DockerBench } from '../runtimes/docker/dockerBench.ts';

/** A way to the engine that a test can block and break. */
async function openGate(dockerHost: string) {
  await using cleanup = new AsyncDisposableStack();
  const folder = cleanup.use(await mkdtempDisposable(join(tmpdir(), 'mpa-gate-')));
  const path = join(folder.path, 'docker.sock');
  const host = parseDockerHost(dockerHost, {});
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((socket) => {
    const upstream = host.kind === 'unix' ? connect(host.path) : connect(host.port, host.host);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from) && to.destroy());
      from.pipe(to);
    }
    if (!isOpen) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanup.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const shut = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  cleanup.defer(shut);
  const owned = cleanup.move();
  return {
    client: new EngineClient({ kind: 'unix', path }),
    shut,
    open: () => {
      isOpen = true;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

let bench: DockerBench;
let control: FakeControl;
const cleanup = new AsyncDisposableStack();
let gate: Awaited<ReturnType<typeof openGate>>;

before(async () => {
  bench = cleanup.use(await DockerBench.open());
  gate = cleanup.use(await openGate(bench.dockerHost));
});
after(() => cleanup.disposeAsync());
beforeEach(() => {
  control = new FakeControl();
});

/** A container that is watched from before its start to the end of the test. */
async function watched(script: string, options: ServiceOptions = {}) {
  const over = new AbortController();
  const clock = new SystemClock();
  const selector = { by: 'label', label: 'mpa.lab', value: bench.lab.runId } as const;
  const failures: unknown[] = [];
  const running = watchDocker({
    engine: eventFeed(gate.client),
    clock,
    control,
    targets: () => [{ ...bench.byName('all'), selector }],
    instances: (target, signal) => bench.runtime.instances(target, signal),
    stranger: () => undefined,
    since: clock.now(),
    telemetry: { eventStream: () => undefined, containerEvent: () => undefined },
    failed: (_event, error) => void failures.push(error),
    signal: over.signal,
  });
  const instance = await bench.runScript(script, options);
  const told = () =>
    control.runtimeEvents.filter(({ instanceId }) => instanceId === instance.id).map(({ what }) => what);
  const hears = (...expected: readonly string[]) =>
    bench.eventually(
      `to hear ${expected.join(', ')}`,
      async () => told(),
      (seen) => seen.join() === expected.join(),
    );
  await hears('started');
  return {
    instance,
    container: bench.lab.docker.getContainer(instance.id),
    hears,
    told,
    /** Waits for a word of another container, and so for all that came before it. */
    async settled(): Promise<readonly string[]> {
      const mark = await bench.runScript('exit 0');
      await bench.eventually(
        'a later event',
        async () => control.runtimeEvents,
        (seen) => seen.some(({ instanceId, what }) => instanceId === mark.id && what === 'died'),
      );
      return told();
    },
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await running;
      assert.deepEqual(failures, []);
    },
  };
}

const OBEDIENT = 'trap "exit 0" TERM; while :; do sleep 0.05; done';

test('a crash is told, with its code', async () => {
  await using web = await watched('while ! [ -e /tmp/crash ]; do sleep 0.05; done; exit 3');
  await bench.exec(web.instance, ': > /tmp/crash');
  await web.hears('started', 'died');
  assert.match(control.runtimeEvents.at(-1)?.reason ?? '', /exited with code 3/);
});

test('a kill is told as a death', async () => {
  await using web = await watched(OBEDIENT);
  await web.container.kill();
  await web.hears('started', 'died');
});

test('a stop by a person is told as a stop, and its death not at all', async () => {
  await using web = await watched(OBEDIENT);
  await web.container.stop({ t: 5 });
  await web.hears('started', 'stopped');
  assert.deepEqual(await web.settled(), ['started', 'stopped']);
});

test('a stop that had to kill is a stop, too', async () => {
  await using web = await watched('trap "" TERM; while :; do sleep 0.05; done');
  await web.container.stop({ t: 1 });
  await web.hears('started', 'stopped');
  assert.deepEqual(await web.settled(), ['started', 'stopped']);
});

test('a restart by a person is a stop and a start', async () => {
  await using web = await watched(OBEDIENT);
  await web.container.restart({ t: 5 });
  await web.hears('started', 'stopped', 'started');
  assert.deepEqual(await web.settled(), ['started', 'stopped', 'started']);
});

test('a signal that ends it without a stop is told as a death after all', async () => {
  await using web = await watched(OBEDIENT);
  await web.container.kill({ signal: 'SIGTERM' });
  await web.hears('started', 'died');
  assert.match(control.runtimeEvents.at(-1)?.reason ?? '', /nobody followed by a stop/);
});

test('a pause and its end are told', async () => {
  await using web = await watched(OBEDIENT);
  await web.container.pause();
  await web.container.unpause();
  await web.hears('started', 'paused', 'started');
});

test('a removal is told', async () => {
  await using web = await watched(OBEDIENT);
  await web.container.stop({ t: 5 });
  await web.container.remove();
  await web.hears('started', 'stopped', 'removed');
});

test('a failing health check is told', async () => {
  const healthcheck = { command: ['sh', '-c', '! [ -e /tmp/sick ]'], intervalMs: 100, retries: 1 };
  await using web = await watched(OBEDIENT, { healthcheck });
  await bench.exec(web.instance, ': > /tmp/sick');
  await web.hears('started', 'unhealthy');
});

test('a death for want of memory is told', async () => {
  await using web = await watched('sleep 0.5; a=x; while :; do a=$a$a$a$a; done', {
    memoryBytesMax: 16 * 1024 * 1024,
  });
  await bench.eventually(
    'its death',
    async () => web.told(),
    (seen) => seen.includes('died'),
  );
  // The kernel's word comes on its own way, and on some hosts not at all.
  assert.deepEqual(
    web.told().filter((what) => what !== 'oom'),
    ['started', 'died'],
  );
});

test('what happens while the stream is cut is told when it is back, once', async () => {
  await using web = await watched(OBEDIENT);
  gate.shut();
  await web.container.kill();
  gate.open();
  await web.hears('started', 'died');
  assert.deepEqual(await web.settled(), ['started', 'died']);
});

test('a stop while the stream is cut is a stop', async () => {
  await using web = await watched(OBEDIENT);
  gate.shut();
  await web.container.stop({ t: 5 });
  gate.open();
  await web.hears('started', 'stopped');
  assert.deepEqual(await web.settled(), ['started', 'stopped']);
});

test('what happened while nobody watched is told to the next that watches, in its order', async () => {
  const since = new SystemClock().now();
  const stopped = await bench.runScript(OBEDIENT);
  await bench.lab.docker.getContainer(stopped.id).stop({ t: 5 });
  const died = await bench.runScript('exit 3');
  await bench.eventually(
    'its death',
    () => bench.look(died.name),
    ({ status }) => status === 'exited',
  );
  const over = new AbortController();
  const running = watchDocker({
    engine: eventFeed(gate.client),
    clock: new SystemClock(),
    control,
    targets: () => [stopped, died].map(({ name }) => bench.byName(name)),
    instances: (target, signal) => bench.runtime.instances(target, signal),
    stranger: () => undefined,
    since,
    telemetry: { eventStream: () => undefined, containerEvent: () => undefined },
    failed: () => undefined,
    signal: over.signal,
  });
  await bench.eventually(
    'the story of both',
    async () => control.runtimeEvents.map(({ instance, what }) => `${instance} ${what}`),
    (seen) =>
      seen.join() ===
      [
        `${stopped.name} started`,
        `${stopped.name} stopped`,
        `${died.name} started`,
        `${died.name} died`,
      ].join(),
  );
  over.abort();
  await running;
});

test('who shared the network of one that is started anew is told as failing', async () => {
  await using parent = await watched(OBEDIENT);
  const child = await bench.runScript(OBEDIENT, { network: `container:${parent.instance.id}` });
  await parent.container.restart({ t: 5 });
  const told = await bench.eventually(
    'the word of its child',
    async () => control.runtimeEvents.filter(({ instanceId }) => instanceId === child.id),
    (seen) => seen.length === 2,
  );
  assert.deepEqual(
    told.map(({ what, reason }) => [what, reason]),
    [
      ['started', 'it was started'],
      ['unhealthy', `${parent.instance.name}, whose network it shares, was started anew after it`],
    ],
  );
});
