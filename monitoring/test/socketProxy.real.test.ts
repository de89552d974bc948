// The shipped socket proxy, run by a real HAProxy before a real engine: what the agent uses gets through, and nothing else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DEFAULT_VERIFICATION } from '../../agent/src/core/settings.ts';
import { NO_DISCOVERY } from '../../agent/src/runtimes/docker/discovery.ts';
import { DockerRuntime } from '../../agent/src/runtimes/docker/dockerRuntime.ts';
import { EngineClient } from '../../agent/src/runtimes/docker/engineClient.ts';
import { eventFeed } from '../../agent/src/runtimes/docker/eventFeed.ts';
import { parseDockerHost } from '../../agent/src/runtimes/docker/host.ts';
import type { DockerEvent } from '../../agent/src/sources/dockerEvent.ts';
import { DockerEvents, type EventStreamNews } from '../../agent/src/sources/dockerEvents.ts';
import { SystemClock } from '../../agent/src/systemClock.ts';
import { targetWith } from '../../agent/test/sources/targets.ts';
import { ContainerLab } from '../../e2e/lab/container.ts';
import { type Engine, openEngine } from '../../e2e/lab/engine.ts';
import type { RunningService } from '../../e2e/lab/runningService.ts';
import { type ProxyAnswer, type SocketProxy, startSocketProxy } from '../../e2e/lab/socketProxy.ts';
import { waitFor } from '../../e2e/lab/waitFor.ts';

describe('the socket proxy', () => {
  const opened = new AsyncDisposableStack();
  let engine: Engine;
  let lab: ContainerLab;
  let proxy: SocketProxy;
  let service: RunningService;
  before(async () => {
    engine = opened.use(await openEngine());
    lab = opened.use(await ContainerLab.open(engine));
    proxy = opened.use(await startSocketProxy(engine));
    service = await lab.runService({ name: 'behind', init: true, healthcheck: 'none' });
  });
  after(() => opened.disposeAsync());

  const ask = (line: string, headers: readonly string[] = [], by = proxy) =>
    by.send([`${line} HTTP/1.1`, 'Host: docker', 'Connection: close', ...headers, '', ''].join('\r\n'));

  /** Asks each, and answers with those whose status is not the wanted one. */
  async function unlike(lines: readonly string[], accept: (answer: ProxyAnswer) => boolean, by = proxy) {
    const answers = await Promise.all(lines.map(async (line) => [line, await ask(line, [], by)] as const));
    return answers.filter(([, answer]) => !accept(answer));
  }

  const well = ({ status, byEngine }: ProxyAnswer) => status === 200 && byEngine;
  const done = ({ status, byEngine }: ProxyAnswer) => (status === 204 || status === 304) && byEngine;
  const refused = ({ status, byEngine }: ProxyAnswer) => status === 403 && !byEngine;
  // HAProxy itself finds some of these no HTTP at all.
  const refusedOrNoHttp = (answer: ProxyAnswer) =>
    refused(answer) || (answer.status === 400 && !answer.byEngine);

  const looks = () => [
    'GET /_ping',
    'HEAD /_ping',
    'GET /version',
    'GET /v1.41/info',
    'GET /events?since=0&until=1',
    `GET /containers/json?all=1&filters=${encodeURIComponent('{"label":["a=b"]}')}`,
    `GET /containers/${service.id}/json`,
    `GET /v1.41/containers/${service.name}/logs?stdout=1&tail=5`,
    `GET /containers/${service.id}/stats?stream=0&one-shot=1`,
  ];
  const acts = () => [
    `POST /containers/${service.id}/start`,
    `POST /containers/${service.name}/restart?t=0`,
    `POST /v1.41/containers/${service.id}/restart`,
  ];

  test('what the agent uses gets through, with a version and without', async () => {
    assert.deepEqual(await unlike(looks(), well), []);
    for (const line of acts()) assert.deepEqual(await unlike([line], done), []);
  });

  test('what else the engine can do is refused', async () => {
    const { id } = service;
    const lines = [
      'POST /containers/create',
      'POST /v1.41/containers/create?name=x',
      `POST /containers/${id}/exec`,
      'POST /exec/0123/start',
      `DELETE /containers/${id}?force=1`,
      `DELETE /containers/${id}/json`,
      `PUT /containers/${id}/archive?path=/`,
      `GET /containers/${id}/archive?path=/etc/shadow`,
      `HEAD /containers/${id}/archive?path=/etc/shadow`,
      `GET /containers/${id}/export`,
      `GET /containers/${id}/top`,
      `GET /containers/${id}/changes`,
      `GET /containers/${id}/attach/ws?stream=1`,
      ...[
        'kill',
        'stop',
        'update',
        'pause',
        'unpause',
        'rename?name=x',
        'attach?stream=1',
        'resize',
        'wait',
        'copy',
      ].map((what) => `POST /containers/${id}/${what}`),
      'POST /containers/prune',
      'POST /build',
      'POST /build/prune',
      `POST /commit?container=${id}`,
      'GET /images/json',
      'POST /images/create?fromImage=x',
      'POST /images/load',
      'GET /images/get?names=x',
      'DELETE /images/x',
      'GET /volumes',
      'POST /volumes/create',
      'GET /networks',
      'POST /networks/create',
      'POST /swarm/init',
      'GET /swarm',
      'POST /services/create',
      'GET /services',
      'GET /secrets',
      'POST /plugins/pull?remote=x',
      'GET /plugins',
      'POST /session',
      'POST /grpc',
      'POST /auth',
      'GET /system/df',
      'GET /distribution/x/json',
      'GET /',
      'GET /metrics',
      'GET /debug/pprof/',
      'POST /_ping',
      'POST /events',
      'POST /containers/json',
      `GET /containers/${id}/restart`,
      `PUT /containers/${id}/restart`,
      `OPTIONS /containers/${id}/restart`,
      'OPTIONS *',
      'TRACE /version',
      'PATCH /version',
      'CONNECT docker:80',
    ];
    assert.deepEqual(await unlike(lines, refusedOrNoHttp), []);
  });

  test('tricks with the path, the query and the version are refused', async () => {
    const { id } = service;
    const lines = [
      `POST /containers/${id}/../create`,
      'POST /containers/x/restart/../../create',
      'POST /containers/../containers/create',
      'POST /containers/%2e%2e/containers/create',
      `POST /containers/${id}/restart/%2e%2e/exec`,
      `POST /containers/${id}%2fexec`,
      `POST /containers/${id}%2Frestart`,
      `POST /containers/${id}/rest%61rt`,
      'POST //containers/create',
      `POST //containers/${id}/restart`,
      `POST /containers//${id}/restart`,
      `POST /containers/${id}//restart`,
      `POST /containers/${id}/restart/`,
      `POST /containers/${id}/exec?/restart`,
      `POST /containers/create?x=/containers/${id}/restart`,
      `POST /containers/create#/containers/${id}/restart`,
      `POST /containers/${id}/restart;x=1`,
      `POST /containers/${id}\\..\\create`,
      'GET /containers/./json/../create',
      'GET /./version',
      'GET /version/../images/json',
      'GET /_ping/../containers/x/export',
      'GET /VERSION',
      `post /containers/${id}/restart`,
      `POST http://docker/containers/${id}/restart`,
      'GET http://docker/version',
      'GET http://docker/../images/json',
      'GET version',
      // Below 1.24 `start` takes a configuration with whatever mounts.
      `POST /v1.23/containers/${id}/start`,
      `POST /v1.9/containers/${id}/start`,
      `POST /v1.12/containers/${id}/restart`,
      'GET /v2/version',
      'GET /v1/version',
      'GET /v1.41/v1.41/version',
      `POST /containers/${id}/start?checkpoint=x&checkpoint-dir=/tmp`,
      `POST /containers/${id}/start?`,
      `POST /containers/${id}/restart?t=-1`,
      `POST /containers/${id}/restart?t=1&signal=SIGKILL`,
      `POST /containers/${id}/restart?t=1%20`,
    ];
    assert.deepEqual(await unlike(lines, refusedOrNoHttp), []);
  });

  test('a body, an upgrade, another method by a header and a request behind another one are refused', async () => {
    const restart = `POST /containers/${service.id}/start`;
    const sent: readonly (readonly [string, readonly string[]])[] = [
      [restart, ['Content-Length: 2', '', '{}']],
      // What is nothing, or less, in 32 bits.
      ...['4294967296', '2147483648', '18446744073709551616'].map(
        (length) => [restart, [`Content-Length: ${length}`, '', '{}']] as const,
      ),
      [restart, ['Transfer-Encoding: chunked', '', '2', '{}', '0', '']],
      ['GET /version', ['Content-Length: 2', '', '{}']],
      ['GET /_ping', ['Upgrade: tcp']],
      ['GET /_ping', ['Connection: Upgrade', 'Upgrade: h2c']],
      ['GET /_ping', ['Connection: keep-alive, upgrade']],
      ['GET /_ping', ['X-HTTP-Method-Override: DELETE']],
      ['GET /_ping', ['X-HTTP-Method: DELETE']],
      ['GET /_ping', ['X-Method-Override: DELETE']],
    ];
    const answers = await Promise.all(
      sent.map(async ([line, headers]) => [line, headers, await ask(line, headers)] as const),
    );
    assert.deepEqual(
      answers.filter(([, , answer]) => !refusedOrNoHttp(answer)),
      [],
    );

    // HTTP/2, where a body needs no header.
    const preface = await proxy.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    assert.ok(refusedOrNoHttp(preface), JSON.stringify(preface));

    // The second of two on one connection is never heard: no container of that name comes into being.
    const name = `${lab.runId}-smuggled`;
    const create = `POST /containers/create?name=${name} HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\n\r\n{}`;
    const first = await proxy.send(`GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n${create}`);
    assert.ok(well(first), JSON.stringify(first));
    const made = await engine.docker.listContainers({ all: true, filters: { name: [name] } });
    assert.deepEqual(made, []);
  });

  test('all evidence of an instance gets through, what the engine did to it too', async () => {
    const { name, id } = await lab.runService({ name: 'failed', init: true, healthcheck: 'none' });
    await engine.docker.getContainer(id).kill();
    const runtime = new DockerRuntime(new EngineClient(parseDockerHost(proxy.dockerHost, {})), {
      discovery: NO_DISCOVERY,
      context: { configured: [], verification: DEFAULT_VERIFICATION },
    });
    const soon = () => AbortSignal.timeout(20_000);
    const target = {
      ...targetWith([]),
      runtime: 'docker',
      selector: { by: 'container-name', name },
    } as const;
    const [instance] = await runtime.instances(target, soon());
    assert.ok(instance !== undefined);
    const kinds: string[] = [];
    const failedAt = Number.POSITIVE_INFINITY;
    const { missing } = await runtime.evidence(instance, ({ kind }) => kinds.push(kind), soon(), failedAt);
    assert.deepEqual([kinds.sort(), missing], [['inspect', 'logs'], []]);
    const range = { fromMs: instance.createdAt - 1_000, toMs: Date.now() };
    const events = await runtime.events(instance, range, soon());
    assert.match(events.text, /Z create .*\n\S+Z start\n\S+Z kill \(signal 9\)\n\S+Z die \(exit code 137\)$/);
    const past = { lines: 5, since: range.fromMs, until: range.toMs, maxBytes: 1_000 };
    assert.equal((await runtime.logs(instance, past, soon())).truncated, false);
  });

  test('for those who only look, looking alone gets through', async () => {
    await using reading = await startSocketProxy(engine, { MPA_PROXY_READ_ONLY: '1' });
    const collecting = [...looks(), 'GET /v1.41/networks'];
    assert.deepEqual(await unlike(collecting, well, reading), []);
    const { State } = await service.inspect();
    const others = [...acts(), 'POST /networks/create', 'GET /networks/bridge', 'GET /images/json'];
    assert.deepEqual(await unlike(others, refused, reading), []);
    assert.equal((await service.inspect()).State.StartedAt, State.StartedAt);
  });

  test('a stream of events that is cut when idle is taken up again, and nothing is lost by it', async () => {
    await using cutting = await startSocketProxy(engine, { MPA_PROXY_IDLE: '1s' });
    const victim = await lab.runService({ name: 'victim', init: true, healthcheck: 'none' });
    const heard: DockerEvent[] = [];
    const news: EventStreamNews[] = [];
    const host = parseDockerHost(cutting.dockerHost, {});
    const events = new DockerEvents(eventFeed(new EngineClient(host)), new SystemClock(), {
      since: Date.now(),
      onEvent: (event) => heard.push(event),
      onNews: (each) => news.push(each),
    });
    const ended = new AbortController();
    const running = events.run(ended.signal);
    try {
      const connections = () => news.filter(({ kind }) => kind === 'connected').length;
      await waitFor('it to be cut twice and taken up again', connections, (count) => count >= 3);
      await victim.container.kill();
      const deaths = () =>
        heard.filter(({ container, action }) => container === victim.id && action === 'die');
      await waitFor('the death to be heard', deaths, (seen) => seen.length > 0);
      const more = connections();
      await waitFor('another cut', connections, (count) => count > more);
      assert.equal(deaths().length, 1, 'it is told once, however often the stream begins anew');
      assert.ok(!news.some(({ kind }) => kind === 'unreadable'), JSON.stringify(news));
    } finally {
      ended.abort();
      await running;
    }
  });
});
