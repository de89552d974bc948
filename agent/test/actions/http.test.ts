import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { http } from '../../src/actions/http.ts';
import { renderParameters } from '../../src/core/strategy.ts';
import { Stage } from './stage.ts';

type Seen = { readonly method: string; readonly url: string; readonly token: string; readonly body: string };

async function openServer(
  answer: RequestListener,
): Promise<AsyncDisposable & { readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        token: request.headers.authorization ?? '',
        body,
      });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is never a string.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const run = async (written: object) => http.run(await new Stage().context('http', written));

test('it calls with method, body and the token of the file, and the wanted answer is success', async () => {
  await using server = await openServer((_request, response) => response.writeHead(202).end('accepted'));
  const folder = await mkdtemp(join(tmpdir(), 'mpa-http-'));
  try {
    await writeFile(join(folder, 'token'), 'geheim\n');
    const result = await run({
      method: 'PUT',
      url: `${server.url}/v1/refresh`,
      body: '{"a":1}',
      token_file: join(folder, 'token'),
    });
    assert.equal(result.outcome, 'succeeded');
    assert.deepEqual(result.output, { status: 202, body: 'accepted' });
    assert.deepEqual(server.seen, [
      { method: 'PUT', url: '/v1/refresh', token: 'Bearer geheim', body: '{"a":1}' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('another answer than the wanted one is a failure that says both', async () => {
  await using server = await openServer((_request, response) => response.writeHead(409).end('no'));
  const result = await run({ url: `${server.url}/fit`, expect: [200] });
  assert.equal(result.outcome, 'failed');
  assert.match(result.reason, /POST \/fit answered 409, and 200 was wanted/);
});

test('a redirect is not followed: the token goes nowhere else', async () => {
  await using server = await openServer((_request, response) =>
    response.writeHead(307, { location: '/elsewhere' }).end(),
  );
  const result = await run({ url: `${server.url}/here` });
  assert.equal(result.outcome, 'failed');
  assert.equal(server.seen.length, 1);
});

test('no connection is a sure failure, and an answer that breaks off is not', async () => {
  await using server = await openServer((request) => request.socket.destroy());
  assert.equal((await run({ url: `${server.url}/x` })).outcome, 'unknown');
  const gone = server.url;
  await server[Symbol.asyncDispose]();
  assert.equal((await run({ url: `${gone}/x` })).outcome, 'failed');
});

test('a token that cannot be read fails before anything is sent', async () => {
  await using server = await openServer((_request, response) => response.end());
  const result = await run({ url: `${server.url}/x`, token_file: '/nowhere/token' });
  assert.equal(result.outcome, 'failed');
  assert.deepEqual(server.seen, []);
});

test('only what is said to be idempotent may be called again after a lost answer', async () => {
  const verdictOf = async (written: object) => {
    const stage = new Stage();
    return (await http.happened?.(stage.mutation(), await stage.context('http', written)))?.verdict;
  };
  assert.equal(await verdictOf({ url: 'http://a/b', idempotent: true }), 'not-happened');
  assert.equal(await verdictOf({ url: 'http://a/b' }), 'unknown');
});

test('a placeholder cannot choose the host, and what it brings into the path is encoded', () => {
  assert.throws(() => http.parse({ url: 'http://{{ labels.host }}/x' }));
  const parameters = http.parse({ url: 'http://predictor:8000/v1/series/{{ labels.symbol }}/refresh' });
  const rendered = renderParameters(parameters, 'predictor', { symbol: '../../admin?x=' });
  assert.ok(rendered.ok);
  assert.equal(rendered.parameters['url'], 'http://predictor:8000/v1/series/..%2F..%2Fadmin%3Fx%3D/refresh');
});
