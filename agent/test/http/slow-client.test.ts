import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { closeServer } from '../../src/http/closeServer.ts';
import type { HttpLimits } from '../../src/http/limits.ts';
import { SystemClock } from '../../src/systemClock.ts';
import { ManualClock } from '../fakes/clock.ts';
import { aMessage } from './messages.ts';
import { openServer, WEBHOOK_TOKEN } from './openServer.ts';

async function listening(limits: Partial<HttpLimits> = {}) {
  const server = await openServer({ limits });
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const sockets: Socket[] = [];
  return {
    ...server,
    url,
    /** A connection that has sent this much. */
    send: async (bytes: string) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(bytes);
      return socket;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await server.app.close();
    },
  };
}

const HEADERS = [
  'POST /webhooks/alertmanager HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  `Authorization: Bearer ${WEBHOOK_TOKEN}`,
].join('\r\n');

test('a client that never ends its headers is sent away', async () => {
  await using server = await listening({ headersTimeoutMs: 50, requestTimeoutMs: 60 });
  const socket = await server.send('POST /webhooks/alertmanager HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  assert.match(await text(socket), /^HTTP\/1\.1 408 /);
});

test('a client that never ends its body is sent away, and nothing is heard', async () => {
  await using server = await listening({ headersTimeoutMs: 50, requestTimeoutMs: 60 });
  const socket = await server.send(`${HEADERS}\r\nContent-Length: 1000\r\n\r\n{"version":`);
  assert.match(await text(socket), /^HTTP\/1\.1 (408|503) /);
  assert.deepEqual(server.control.messages, []);
});

test('a huge body in chunks, with no length said, is cut off at the limit', async () => {
  await using server = await listening({ bodySizeBytes: 100_000 });
  const socket = await server.send(`${HEADERS}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  // One byte over, and then silence: what was sent is read whole, so that the answer is not lost to a reset.
  for (const sizeBytes of [40_000, 40_000, 20_001]) {
    socket.write(`${sizeBytes.toString(16)}\r\n${' '.repeat(sizeBytes)}\r\n`);
  }
  assert.match(await text(socket), /^HTTP\/1\.1 413 .*BODY_TOO_LARGE/s);
});

test('a connection that drops in the middle of a body gives its place back', async () => {
  await using server = await listening({ webhooksInFlight: 1 });
  const socket = await server.send(`${HEADERS}\r\nContent-Length: 1000\r\n\r\n{"version":`);
  await once(server.app.server, 'request');
  socket.destroy();
  const statuses: number[] = [];
  const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' };
  for (let attempt = 0; attempt < 200 && statuses.at(-1) !== 200; attempt += 1) {
    const body = JSON.stringify(aMessage());
    statuses.push(
      (await fetch(`${server.url}/webhooks/alertmanager`, { method: 'POST', headers, body })).status,
    );
  }
  assert.equal(statuses.at(-1), 200);
});

test('what is no HTTP is refused, and the server goes on', async () => {
  await using server = await listening();
  const socket = await server.send('\u0016\u0003\u0001 hello\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400 /);
  assert.equal((await fetch(`${server.url}/-/healthy`)).status, 200);
});

test('closing lets the message under way end', async () => {
  await using server = await listening();
  const commit = Promise.withResolvers<void>();
  server.control.gate = commit.promise;
  const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' };
  const asked = once(server.app.server, 'request');
  const answer = fetch(`${server.url}/webhooks/alertmanager`, {
    method: 'POST',
    headers,
    body: JSON.stringify(aMessage()),
  });
  await asked;
  const closed = closeServer(server.app, new SystemClock(), 60_000);
  commit.resolve();
  assert.equal((await answer).status, 200);
  await closed;
  await assert.rejects(fetch(`${server.url}/-/healthy`));
});

test('closing cuts off a client that never ends', async () => {
  await using server = await listening();
  const asked = once(server.app.server, 'request');
  const socket = await server.send(`${HEADERS}\r\nContent-Length: 1000\r\n\r\n{`);
  await asked;
  const clock = new ManualClock();
  const closed = closeServer(server.app, clock, 5_000);
  const cut = once(socket, 'close');
  await clock.advance(5_000);
  await closed;
  await cut;
  assert.equal(clock.sleeping, 0);
});
