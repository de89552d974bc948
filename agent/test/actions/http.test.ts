import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { http } from '../../src/actions/http.ts';
import { renderParameters } from '../../src/core/strategy.ts';
import { deadUrl } from '../fakes/loopback.ts';
import { startScripted } from '../fakes/scriptedServer.ts';
import { Stage } from './stage.ts';

const run = async (written: object) => http.run(await new Stage().context('http', written));

test('it calls with method, body and the token of the file, and the wanted answer is success', async () => {
  await using server = await startScripted((_request, response) => response.writeHead(202).end('accepted'));
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-http-'));
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, 'geheim\n');
  const called = { method: 'PUT', url: `${server.url}/v1/refresh`, body: '{"a":1}', token_file: tokenFile };
  const result = await run(called);
  assert.equal(result.outcome, 'succeeded');
  assert.deepEqual(result.output, { status: 202, body: 'accepted' });
  const [request, ...more] = server.requests;
  assert.deepEqual(
    [request?.method, request?.url.pathname, request?.headers.authorization, request?.body],
    ['PUT', '/v1/refresh', 'Bearer geheim', '{"a":1}'],
  );
  assert.deepEqual(more, []);
});

test('another answer than the wanted one is a failure that says both', async () => {
  await using server = await startScripted((_request, response) => response.writeHead(409).end('no'));
  const result = await run({ url: `${server.url}/fit`, expect: [200] });
  assert.equal(result.outcome, 'failed');
  assert.match(result.reason, /POST \/fit answered 409, and 200 was wanted/);
});

test('a redirect is not followed: the token goes nowhere else', async () => {
  await using server = await startScripted((_request, response) =>
    response.writeHead(307, { location: '/elsewhere' }).end(),
  );
  const result = await run({ url: `${server.url}/here` });
  assert.equal(result.outcome, 'failed');
  assert.equal(server.requests.length, 1);
});

test('no connection is a sure failure, and an answer that breaks off is not', async () => {
  await using server = await startScripted((_request, response) => response.destroy());
  assert.equal((await run({ url: `${server.url}/x` })).outcome, 'unknown');
  assert.equal((await run({ url: `${await deadUrl()}/x` })).outcome, 'failed');
});

test('a token that cannot be read fails before anything is sent', async () => {
  await using server = await startScripted((_request, response) => response.end());
  const result = await run({ url: `${server.url}/x`, token_file: '/nowhere/token' });
  assert.equal(result.outcome, 'failed');
  assert.deepEqual(server.requests, []);
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
