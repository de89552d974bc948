import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ListedContainer } from '../../src/sources/containerBook.ts';
import type { DockerEvent } from '../../src/sources/dockerEvent.ts';
import { DockerEvents, type EventEngine, type EventStreamNews } from '../../src/sources/dockerEvents.ts';
import { ManualClock, settle } from '../fakes/clock.ts';

const ID = 'a'.repeat(64);
const START = Date.UTC(2026, 0, 1);

/** An engine whose streams the test writes to, breaks and starves. */
class FakeEventEngine implements EventEngine {
  readonly queries: { readonly filters: string; readonly since: string }[] = [];
  containers: readonly ListedContainer[] = [listed('running')];
  lists = 0;
  /** What opening a stream does instead, while it is set. */
  refuses: Error | 'silent' | null = null;
  /** What it still knows of what was before. */
  history: readonly string[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | null = null;

  events(
    query: { readonly filters?: string; readonly since: string; readonly until?: string },
    signal: AbortSignal,
  ) {
    if (query.until !== undefined) {
      const text = new TextEncoder().encode(this.history.map((each) => `${each}\n`).join(''));
      return Promise.resolve(ReadableStream.from([text]).values());
    }
    this.queries.push({ filters: query.filters ?? '', since: query.since });
    const { refuses } = this;
    if (refuses instanceof Error) return Promise.reject(refuses);
    if (refuses === 'silent') {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => reject(signal.reason));
      return promise;
    }
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#stream = controller;
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return Promise.resolve(stream.values());
  }

  endsSurvivors(): Promise<boolean> {
    return Promise.resolve(true);
  }

  list(): Promise<readonly ListedContainer[]> {
    this.lists += 1;
    return Promise.resolve(this.containers);
  }

  send(...lines: readonly string[]): Promise<void> {
    return this.sendRaw(lines.map((line) => `${line}\n`).join(''));
  }

  async sendRaw(text: string): Promise<void> {
    this.#stream?.enqueue(new TextEncoder().encode(text));
    await settle();
  }

  async cut(): Promise<void> {
    this.#stream?.close();
    await settle();
  }
}

function listed(state: string, status = 'Up 2 minutes', id = ID): ListedContainer {
  return { id, name: 'web', labels: { tier: 'front' }, state, status };
}

function line(action: string, attributes: Record<string, string> = {}, nanoseconds = '1767225600123456789') {
  const body = {
    Type: 'container',
    Action: action,
    Actor: { ID, Attributes: { name: 'web', image: 'web:1', tier: 'front', ...attributes } },
    time: 1_767_225_600,
  };
  return JSON.stringify(body).replace(/\}$/, `,"timeNano":${nanoseconds}}`);
}

async function follow(engine: FakeEventEngine, onEvent: (event: DockerEvent) => void = () => undefined) {
  const clock = new ManualClock(START);
  const events: DockerEvent[] = [];
  const news: EventStreamNews[] = [];
  const controller = new AbortController();
  const source = new DockerEvents(engine, clock, {
    since: START,
    onEvent: (event) => {
      events.push(event);
      onEvent(event);
    },
    onNews: (item) => void news.push(item),
  });
  const running = source.run(controller.signal);
  await settle();
  const actions = () => events.map(({ action, seenBy }) => `${action} by ${seenBy}`);
  const stop = async () => {
    controller.abort();
    await running;
    assert.equal(clock.sleeping, 0, 'nothing goes on after the end');
  };
  return { clock, events, news, running, actions, stop };
}

it('an event is told with its container, labels, time and exit code', async () => {
  const engine = new FakeEventEngine();
  const { events, stop } = await follow(engine);
  await engine.send(line('die', { exitCode: '137' }));
  assert.deepEqual(events, [
    {
      container: ID,
      name: 'web',
      labels: { tier: 'front' },
      action: 'die',
      at: 1_767_225_600_123,
      exitCode: 137,
      signal: null,
      seenBy: 'stream',
    },
  ]);
  await stop();
});

it('what an engine ended by itself when it came back is told as a death, not as a stop', async () => {
  const engine = new FakeEventEngine();
  const restored = [
    line('kill', { signal: '15' }, '1'),
    line('die', { exitCode: '143' }, '2'),
    line('stop', {}, '3'),
  ];
  engine.history = restored;
  const { events, stop } = await follow(engine);
  await engine.send(...restored);
  assert.deepEqual(
    events.map(({ action }) => action),
    ['die'],
  );
  await stop();
});

it('a kill tells its signal, and a change of health is an action of its own', async () => {
  const engine = new FakeEventEngine();
  const { events, stop } = await follow(engine);
  await engine.send(line('kill', { signal: '15' }, '1'), line('health_status: unhealthy', {}, '2'));
  assert.deepEqual(
    events.map(({ action, signal }) => [action, signal]),
    [
      ['kill', 15],
      ['unhealthy', null],
    ],
  );
  await stop();
});

it('an event that comes in pieces is told once it is whole', async () => {
  const engine = new FakeEventEngine();
  const { actions, stop } = await follow(engine);
  const whole = line('oom');
  await engine.sendRaw(whole.slice(0, 20));
  assert.deepEqual(actions(), []);
  await engine.sendRaw(`${whole.slice(20)}\n${whole.slice(0, 20)}`);
  assert.deepEqual(actions(), ['oom by stream']);
  await stop();
});

it('what a reconnection brings again is told once, though it differs in nothing but nanoseconds from others', async () => {
  const engine = new FakeEventEngine();
  const { clock, actions, stop } = await follow(engine);
  await engine.send(line('die', {}, '1767225600000000001'), line('die', {}, '1767225600000000002'));
  await engine.cut();
  await clock.advance(500);
  await engine.send(line('die', {}, '1767225600000000001'), line('start', {}, '1767225600000000003'));
  assert.deepEqual(actions(), ['die by stream', 'die by stream', 'start by stream']);
  await stop();
});

it('a stream that ends is opened again, from a little before the last event on', async () => {
  const engine = new FakeEventEngine();
  const { clock, news, stop } = await follow(engine);
  assert.equal(engine.queries[0]?.since, ((START - 5_000) / 1_000).toFixed(3));
  await engine.send(line('start', {}, `${START + 60_000}000000`));
  await engine.cut();
  assert.equal(engine.queries.length, 1);
  await clock.advance(500);
  assert.equal(engine.queries[1]?.since, ((START + 55_000) / 1_000).toFixed(3));
  assert.deepEqual(
    news.map(({ kind }) => kind),
    ['connected', 'disconnected', 'connected'],
  );
  await stop();
});

it('an engine that is away is asked less and less often, and at once often again when it was there', async () => {
  const engine = new FakeEventEngine();
  engine.refuses = new Error('ECONNREFUSED');
  const { clock, news, stop } = await follow(engine);
  await clock.advance(120_000);
  const waits = () => news.flatMap((item) => (item.kind === 'disconnected' ? item.retryMs : []));
  assert.deepEqual(waits().slice(0, 8), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  engine.refuses = null;
  await clock.advance(30_000);
  assert.equal(news.at(-1)?.kind, 'connected');
  await engine.cut();
  assert.equal(waits().at(-1), 500);
  await stop();
});

it('an engine that takes the call and does not answer is left after 10 s', async () => {
  const engine = new FakeEventEngine();
  engine.refuses = 'silent';
  const { clock, news, stop } = await follow(engine);
  await clock.advance(9_999);
  assert.deepEqual(news, []);
  await clock.advance(1);
  assert.deepEqual(news, [{ kind: 'disconnected', reason: 'no answer within 10000 ms', retryMs: 500 }]);
  await stop();
});

it('a death that the stream lost is seen by the lists, and another stream is opened', async () => {
  const engine = new FakeEventEngine();
  const { clock, events, news, stop } = await follow(engine);
  engine.containers = [listed('exited', 'Exited (137) 3 seconds ago')];
  await clock.advance(30_000);
  assert.deepEqual(events, [], 'the event may still be on its way');
  await clock.advance(1_000);
  assert.deepEqual(
    events.map(({ action, exitCode, seenBy, name }) => [action, exitCode, seenBy, name]),
    [['die', 137, 'list', 'web']],
  );
  assert.ok(news.some((item) => item.kind === 'lost' && item.count === 1));
  await clock.advance(500);
  assert.equal(engine.queries.length, 2);
  await clock.advance(120_000);
  assert.equal(events.length, 1, 'it is told once');
  await stop();
});

it('an event that was only late is not told twice', async () => {
  const engine = new FakeEventEngine();
  const { clock, actions, stop } = await follow(engine);
  engine.containers = [listed('exited', 'Exited (1) 1 second ago')];
  await clock.advance(30_000);
  await engine.send(line('die', { exitCode: '1' }));
  await clock.advance(60_000);
  assert.deepEqual(actions(), ['die by stream']);
  await stop();
});

it('lost starts, removals, newcomers and changes of health are seen by the lists', async () => {
  const engine = new FakeEventEngine();
  const others = ['b', 'c', 'd'].map((letter) => letter.repeat(64));
  const [b = '', c = '', d = ''] = others;
  engine.containers = [
    listed('exited', 'Exited (0)', ID),
    listed('running', 'Up', b),
    listed('running', 'Up', c),
  ];
  const { clock, events, stop } = await follow(engine);
  engine.containers = [
    listed('running', 'Up 1 second', ID),
    listed('running', 'Up 1 minute (unhealthy)', b),
    listed('running', 'Up 1 second', d),
  ];
  await clock.advance(31_000);
  const seen = events.map(({ action, container }) => `${action} ${container[0]}`).sort();
  assert.deepEqual(seen, ['destroy c', 'start a', 'start d', 'unhealthy b']);
  await stop();
});

it('what was down before the source began is not told as news', async () => {
  const engine = new FakeEventEngine();
  engine.containers = [listed('exited', 'Exited (1) 2 days ago')];
  const { clock, events, stop } = await follow(engine);
  await clock.advance(300_000);
  assert.deepEqual(events, []);
  assert.ok(engine.lists >= 10);
  await stop();
});

it('the health of a paused container is no news, whatever it is called', async () => {
  const engine = new FakeEventEngine();
  const sick = 'b'.repeat(64);
  engine.containers = [listed('running'), listed('running', 'Up 2 minutes (unhealthy)', sick)];
  const { clock, events, stop } = await follow(engine);
  engine.containers = [
    listed('paused', 'Up 2 minutes (Paused) (unhealthy)'),
    listed('paused', 'Up 2 minutes (Paused) (unhealthy)', sick),
  ];
  await clock.advance(120_000);
  assert.deepEqual(events, []);
  await stop();
});

it('what cannot be read is said, and the rest goes on', async () => {
  const engine = new FakeEventEngine();
  const { actions, news, stop } = await follow(engine);
  await engine.send('<html>', '{"Type":"container"}', line('exec_start: sh'), '', line('start'));
  assert.deepEqual(actions(), ['start by stream']);
  assert.equal(news.filter(({ kind }) => kind === 'unreadable').length, 2);
  await stop();
});

it('a line without an end is not kept for ever', async () => {
  const engine = new FakeEventEngine();
  const { news, stop } = await follow(engine);
  await engine.sendRaw('x'.repeat(1024 * 1024 + 1));
  await settle();
  assert.ok(news.some((item) => item.kind === 'disconnected' && /more than/.test(item.reason)));
  await stop();
});

it('what the listener throws ends the source with it', async () => {
  const engine = new FakeEventEngine();
  const defect = new Error('a defect');
  const { running } = await follow(engine, () => {
    throw defect;
  });
  const ended = assert.rejects(running, defect);
  await engine.send(line('die'));
  await ended;
});
