import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Selector } from '../../src/core/target.ts';
import { JournalError, MpaError } from '../../src/errors.ts';
import { watchDocker } from '../../src/serve/dockerWatch.ts';
import type { ListedContainer } from '../../src/sources/containerBook.ts';
import type { EventEngine } from '../../src/sources/dockerEvents.ts';
import { target } from '../engine/given.ts';
import { ManualClock, settle } from '../fakes/clock.ts';
import { FakeControl } from '../fakes/control.ts';

const START = Date.UTC(2026, 0, 1);
const COMPOSE = 'com.docker.compose';

/** An engine whose stream and lists the test writes. */
class ScriptedEngine implements EventEngine {
  containers: readonly ListedContainer[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  #count = 0;

  async events(_query: unknown, signal: AbortSignal) {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#stream = controller;
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return stream.values();
  }

  async endsSurvivors(): Promise<boolean> {
    return false;
  }

  async list(): Promise<readonly ListedContainer[]> {
    return this.containers;
  }

  /** One event of the container `id`, 25 ms before the engine of the tests hears it. */
  async send(action: string, id: string, name: string, attributes: Record<string, string> = {}) {
    this.#count += 1;
    const ID = id.repeat(64);
    const body = { Type: 'container', Action: action, Actor: { ID, Attributes: { name, ...attributes } } };
    const timeNano = `${START - 25}${String(this.#count).padStart(6, '0')}`;
    const line = JSON.stringify(body).replace(/\}$/, `,"timeNano":${timeNano}}`);
    this.#stream?.enqueue(new TextEncoder().encode(`${line}\n`));
    await settle();
  }

  cut(): Promise<void> {
    this.#stream?.close();
    return settle();
  }
}

/** A watch over targets with these selectors, named as their keys. */
async function watching(
  selectors: Readonly<Record<string, Selector>>,
  containers: readonly ListedContainer[] = [],
) {
  const clock = new ManualClock(START);
  const engine = new ScriptedEngine();
  engine.containers = containers;
  const control = new FakeControl();
  const over = new AbortController();
  const failures: unknown[] = [];
  const news: string[] = [];
  const lags: number[] = [];
  let strangers = 0;
  const targets = Object.entries(selectors).map(([name, selector]) => target(name, { selector }));
  const running = watchDocker({
    engine,
    clock,
    control,
    targets: () => targets,
    instances: async () => [],
    stranger: () => {
      strangers += 1;
    },
    since: clock.now(),
    telemetry: {
      eventStream: ({ kind }) => void news.push(kind),
      containerEvent: (ms) => void lags.push(ms),
    },
    failed: (_event, error) => void failures.push(error),
    signal: over.signal,
  });
  await settle();
  return {
    clock,
    engine,
    control,
    failures,
    news,
    lags,
    strangers: () => strangers,
    told: () =>
      control.runtimeEvents.map(({ target: name, instance, what }) => `${name}: ${instance} ${what}`),
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await running;
      await settle();
      assert.equal(clock.sleeping, 0, 'nothing goes on after the end');
    },
  };
}

test('a death is told of the target that its container belongs to, with its instance and time', async () => {
  await using watch = await watching({ web: { by: 'container-name', name: 'web-1' } });
  await watch.engine.send('die', 'a', 'web-1', { exitCode: '3' });
  assert.deepEqual(watch.control.runtimeEvents, [
    {
      target: 'web',
      instance: 'web-1',
      instanceId: 'a'.repeat(64),
      what: 'died',
      happenedAt: START - 25,
      reason: 'it exited with code 3',
    },
  ]);
  assert.deepEqual(watch.lags, [25]);
});

test('containers find their targets by name, Compose service and label, and never by less', async () => {
  await using watch = await watching({
    named: { by: 'container-name', name: 'db' },
    service: { by: 'compose-service', service: 'api', project: 'shop' },
    labelled: { by: 'label', label: 'tier', value: 'back' },
  });
  const { engine } = watch;
  await engine.send('die', 'a', 'db');
  await engine.send('die', 'b', 'db-2');
  await engine.send('die', 'c', 'x', { [`${COMPOSE}.service`]: 'api', [`${COMPOSE}.project`]: 'shop' });
  await engine.send('die', 'd', 'y', { [`${COMPOSE}.service`]: 'api', [`${COMPOSE}.project`]: 'other' });
  await engine.send('die', 'e', 'z', { tier: 'back' });
  await engine.send('die', 'f', 'z', { tier: 'backup' });
  assert.deepEqual(watch.told(), ['named: db died', 'service: x died', 'labelled: z died']);
});

test('what Compose ran once, and what Swarm replaces by itself, is nobody’s', async () => {
  await using watch = await watching({ all: { by: 'label', label: 'tier', value: 'back' } });
  await watch.engine.send('die', 'a', 'job', { tier: 'back', [`${COMPOSE}.oneoff`]: 'True' });
  await watch.engine.send('die', 'b', 'task', { tier: 'back', 'com.docker.swarm.task.id': 't1' });
  assert.deepEqual(watch.told(), []);
});

test('a container that starts and belongs to nobody may be a target that is not discovered yet', async () => {
  await using watch = await watching({ web: { by: 'container-name', name: 'web-1' } });
  await watch.engine.send('die', 'a', 'new');
  assert.equal(watch.strangers(), 0);
  await watch.engine.send('start', 'a', 'new');
  assert.equal(watch.strangers(), 1);
});

test('what the journal cannot take now waits in its order, and what it refuses is said', async () => {
  await using watch = await watching({ web: { by: 'container-name', name: 'web-1' } });
  watch.control.failure = new JournalError('JOURNAL_WRITE', 'the disk is full');
  await watch.engine.send('die', 'a', 'web-1', { exitCode: '3' });
  await watch.engine.send('oom', 'a', 'web-1');
  await watch.clock.advance(5_000);
  assert.deepEqual([watch.told(), watch.failures], [[], []]);

  watch.control.failure = null;
  await watch.clock.advance(1_000);
  assert.deepEqual(watch.told(), ['web: web-1 died', 'web: web-1 oom']);

  watch.control.failure = new MpaError('INTERNAL', 'a defect');
  await watch.engine.send('die', 'a', 'web-1');
  assert.equal(watch.failures.length, 1);
  watch.control.failure = null;
  await watch.engine.send('unhealthy', 'a', 'web-1');
  await watch.engine.send('health_status: unhealthy', 'a', 'web-1');
  assert.equal(watch.told().at(-1), 'web: web-1 unhealthy');
});

test('more than can wait is said and not kept', async () => {
  await using watch = await watching({ web: { by: 'container-name', name: 'web-1' } });
  watch.control.failure = new JournalError('JOURNAL_WRITE', 'the disk is full');
  for (let index = 0; index < 1_001; index += 1) await watch.engine.send('oom', 'a', 'web-1');
  assert.equal(watch.failures.length, 1);
});

test('a container that was down before is no news; one that dies while the stream is away is', async () => {
  const listed = (id: string, state: string): ListedContainer => ({
    id: id.repeat(64),
    name: `web-${id}`,
    labels: { tier: 'front' },
    state,
    status: state === 'running' ? 'Up 2 minutes' : 'Exited (7) 3 seconds ago',
  });
  await using watch = await watching({ web: { by: 'label', label: 'tier', value: 'front' } }, [
    listed('a', 'exited'),
    listed('b', 'running'),
  ]);
  const { engine, clock } = watch;
  await engine.cut();
  engine.containers = [listed('a', 'exited'), listed('b', 'exited')];
  await clock.advance(5_000);
  assert.deepEqual(
    watch.control.runtimeEvents.map(({ instance, reason }) => [instance, reason]),
    [['web-b', 'it exited with code 7, seen in a list: the event was lost']],
  );
  assert.deepEqual(watch.news.slice(0, 3), ['connected', 'disconnected', 'connected']);
});
