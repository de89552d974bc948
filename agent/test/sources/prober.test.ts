import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { Probe } from '../../src/core/target.ts';
import { NetworkProber } from '../../src/sources/prober.ts';
import { SystemClock } from '../../src/systemClock.ts';
import { ManualClock, settle } from '../fakes/clock.ts';
import { onLoopback } from '../fakes/loopback.ts';
import { httpProbe, targetWith, tcpProbe } from './targets.ts';

const prober = new NetworkProber(new SystemClock());

/** A web server on a free port of loopback for one test. */
async function serve(listener: RequestListener) {
  const server = await onLoopback(createServer(listener));
  return { ...server, url: `${server.url}/health` };
}

/** A TCP server whose every connection is given to `greet`. */
async function listen(greet: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    greet(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: portOf(server.address()),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** A port on which nobody listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  await using server = await listen(() => undefined);
  return server.port;
}

async function verdict(probe: Probe): Promise<string> {
  const [result] = await prober.probe(targetWith([probe]), AbortSignal.timeout(20_000));
  assert.ok(result !== undefined);
  assert.equal(result.name, probe.name);
  assert.ok(result.durationMs >= 0);
  return `${result.ok ? 'ok' : 'failed'}: ${result.reason}`;
}

test('a status inside of the wanted ranges passes, another fails with both said', async () => {
  let status = 200;
  await using server = await serve((_request, response) => response.writeHead(status).end('body'));
  assert.equal(await verdict(httpProbe(server.url)), 'ok: HTTP 200');
  status = 503;
  assert.equal(await verdict(httpProbe(server.url)), 'failed: HTTP 503, wanted 200-299');
  const statuses = [
    { from: 200, to: 204 },
    { from: 503, to: 503 },
  ];
  assert.equal(await verdict(httpProbe(server.url, { statuses })), 'ok: HTTP 503');
  status = 404;
  assert.equal(await verdict(httpProbe(server.url, { statuses })), 'failed: HTTP 404, wanted 200-204, 503');
});

test('a redirection is judged and not followed', async () => {
  const paths: (string | undefined)[] = [];
  await using server = await serve((request, response) => {
    paths.push(request.url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  assert.equal(await verdict(httpProbe(server.url)), 'failed: HTTP 302, wanted 200-299');
  assert.deepEqual(paths, ['/health']);
});

test('the method is the one that is asked for, and each probe has a connection of its own', async () => {
  const seen: string[] = [];
  await using server = await serve((request, response) => {
    seen.push(`${request.method} ${request.headers.connection}`);
    response.end();
  });
  await verdict(httpProbe(server.url, { method: 'HEAD' }));
  await verdict(httpProbe(server.url, { method: 'POST' }));
  assert.deepEqual(seen, ['HEAD close', 'POST close']);
});

test('the body must contain what is wanted, within its first 64 KiB', async () => {
  let body = 'all is well';
  await using server = await serve((_request, response) => response.end(body));
  const probe = httpProbe(server.url, { bodyContains: 'well' });
  assert.equal(await verdict(probe), 'ok: HTTP 200');
  body = 'all is lost';
  assert.equal(await verdict(probe), 'failed: the body does not contain "well"');
  body = `${' '.repeat(64 * 1024)}well`;
  assert.equal(await verdict(probe), 'failed: the first 64 KiB of the body does not contain "well"');
});

test('a body without end is left after 64 KiB', async () => {
  let sentBytes = 0;
  await using server = await serve((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(16 * 1024))) sentBytes += 16 * 1024;
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  });
  const probe = httpProbe(server.url, { bodyContains: 'y', timeoutMs: 20_000 });
  assert.equal(await verdict(probe), 'failed: the first 64 KiB of the body does not contain "y"');
  assert.ok(sentBytes < 64 * 1024 * 1024);
});

test('the value at a JSON pointer is compared', async () => {
  let body = '{"status":"up","parts":[{"name":"db","ok":true}]}';
  await using server = await serve((_request, response) => response.end(body));
  const at = (pointer: string, equals: string | number | boolean | null) =>
    verdict(httpProbe(server.url, { json: { pointer, equals } }));
  assert.equal(await at('/status', 'up'), 'ok: HTTP 200');
  assert.equal(await at('/parts/0/ok', true), 'ok: HTTP 200');
  assert.equal(await at('/status', 'down'), 'failed: /status is "up", wanted "down"');
  assert.equal(await at('/parts/1/ok', true), 'failed: /parts/1/ok is not in the answer, wanted true');
  assert.equal(await at('/constructor', null), 'failed: /constructor is not in the answer, wanted null');
  body = 'oops';
  assert.equal(await at('/status', 'up'), 'failed: the body is not JSON');
  body = `"${'x'.repeat(70_000)}"`;
  assert.equal(await at('', 'x'), 'failed: the body is larger than 64 KiB and was not parsed');
});

test('a service that never answers fails by the probe’s own deadline, in words', async () => {
  await using web = await serve(() => undefined);
  assert.equal(await verdict(httpProbe(web.url, { timeoutMs: 50 })), 'failed: no answer in 0.05 s');
});

test('a body that never ends within the deadline fails as well', async () => {
  await using web = await serve((_request, response) => response.write('a beginning'));
  const probe = httpProbe(web.url, { timeoutMs: 100, bodyContains: 'the end' });
  assert.equal(await verdict(probe), 'failed: no answer in 0.1 s');
});

test('what happens to the connection is said in words', async () => {
  const port = await closedPort();
  assert.equal(await verdict(httpProbe(`http://127.0.0.1:${port}/`)), 'failed: connection refused');
  assert.equal(await verdict(httpProbe(`http://localhost:${port}/`)), 'failed: connection refused');
  assert.equal(await verdict(tcpProbe(port)), 'failed: connection refused');
  await using silent = await listen((socket) => socket.destroy());
  assert.equal(
    await verdict(httpProbe(`http://127.0.0.1:${silent.port}/`)),
    'failed: connection closed without an answer',
  );
  await using other = await listen((socket) => socket.end('SSH-2.0-x\r\n\r\n'));
  assert.match(await verdict(httpProbe(`http://127.0.0.1:${other.port}/`)), /^failed: not an HTTP answer/);
  assert.match(
    await verdict(httpProbe('http://no-such-host.invalid/')),
    /^failed: the (host name|name server)/,
  );
});

test('a TCP probe passes when the connection opens', async () => {
  await using server = await listen(() => undefined);
  assert.equal(await verdict(tcpProbe(server.port)), 'ok: connected');
});

test('the probes of a target are made at once, and one that hangs does not spoil the others', async () => {
  await using web = await serve((_request, response) => response.end());
  await using stuck = await serve(() => undefined);
  const results = await prober.probe(
    targetWith([httpProbe(stuck.url, { name: 'stuck', timeoutMs: 100 }), httpProbe(web.url)]),
    AbortSignal.timeout(20_000),
  );
  assert.deepEqual(
    results.map(({ name, ok }) => [name, ok]),
    [
      ['stuck', false],
      ['health', true],
    ],
  );
});

test('when the look ends first, the probe says so instead of rejecting', async () => {
  await using web = await serve(() => undefined);
  const look = new AbortController();
  const clock = new ManualClock();
  const results = new NetworkProber(clock).probe(targetWith([httpProbe(web.url)]), look.signal);
  await settle();
  look.abort();
  assert.equal((await results)[0]?.reason, 'no answer by the end of the look');
  assert.equal(clock.sleeping, 0, 'the timer of the deadline is ended');

  const late = await prober.probe(targetWith([httpProbe(web.url), tcpProbe(1)]), AbortSignal.abort());
  assert.deepEqual(
    late.map(({ ok, reason }) => [ok, reason]),
    [
      [false, 'no answer by the end of the look'],
      [false, 'no answer by the end of the look'],
    ],
  );
});

test('an address that cannot be one is a failed probe, not a crash', async () => {
  assert.match(await verdict(httpProbe('http://')), /^failed: /);
  assert.match(await verdict({ ...tcpProbe(0), port: 70_000 } as Probe), /^failed: /);
});
