import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { MpaError } from '../src/errors.ts';
import { Secret } from '../src/secret.ts';
import { ServiceClient } from '../src/serviceClient.ts';
import { BAD_DAYS, sendJson, startScripted } from './fakes/scriptedServer.ts';

const soon = () => AbortSignal.timeout(5_000);

describe('a service on a bad day is an error in words', () => {
  for (const [name, { do: misbehave, words }] of Object.entries(BAD_DAYS)) {
    test(name, async () => {
      await using server = await startScripted((_request, response) => misbehave(response));
      const deadline = AbortSignal.timeout(name.includes('never') || name.includes('stops') ? 100 : 5_000);
      const call = new ServiceClient(server.url, null).getJson('/x', [], deadline);
      await assert.rejects(call, { code: 'SERVICE_FAILED', message: words });
    });
  }

  test('is not there', async () => {
    const server = await startScripted(() => undefined);
    await server[Symbol.asyncDispose]();
    const call = new ServiceClient(server.url, null).postJson('', {}, {}, soon());
    await assert.rejects(call, { code: 'SERVICE_FAILED', message: /connection refused/ });
  });
});

test('paths are added to a prefix, and questions to it', async () => {
  await using server = await startScripted((_request, response) => sendJson(response, [1]));
  const client = new ServiceClient(`${server.url}/prometheus/`, null);
  const answer = await client.getJson('/api/v1/query', [['query', 'a{b="c&d"} > 1']], soon());
  assert.deepEqual(answer.body, [1]);
  assert.ok(answer.date !== null && Math.abs(answer.date - Date.now()) < 60_000);
  assert.equal(server.requests[0]?.url.pathname, '/prometheus/api/v1/query');
  assert.equal(server.requests[0]?.url.searchParams.get('query'), 'a{b="c&d"} > 1');
});

test('a token is sent as a bearer, credentials of the address as basic', async () => {
  await using server = await startScripted((_request, response) => response.writeHead(204).end());
  await new ServiceClient(server.url, new Secret('t0ken', 'file')).postJson('/a', {}, {}, soon());
  const withUser = server.url.replace('//', '//us%40er:pass%3Aword@');
  await new ServiceClient(withUser, null).postJson('/a', {}, {}, soon());
  const sent = server.requests.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ['Bearer t0ken', `Basic ${Buffer.from('us@er:pass:word').toString('base64')}`]);
});

test('no error shows a token, the credentials of an address, or an address that is a secret', async () => {
  await using server = await startScripted((_request, response) => response.writeHead(403).end());
  const { host } = new URL(server.url);
  const clients = [
    new ServiceClient(server.url, new Secret('hunter2', 'token.txt')),
    new ServiceClient(`http://user:hunter2@${host}/?key=hunter2`, null),
    new ServiceClient(new Secret(`${server.url}/hooks/hunter2`, 'hook.txt'), null),
    new ServiceClient(new Secret('http://hunter2.invalid:1/hunter2', 'hook.txt'), null),
  ];
  for (const client of clients) {
    const error = await client.postJson('', {}, {}, soon()).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof MpaError);
    assert.doesNotMatch(error.message, /hunter2/);
    assert.doesNotMatch(inspect(client), /hunter2/);
  }
  for (const make of [
    () => new ServiceClient(new Secret('hunter2', 'hook.txt'), null),
    () => new ServiceClient(server.url, new Secret('hunter2\r\nx: y', 'token.txt')),
  ]) {
    assert.throws(make, (error) => error instanceof MpaError && !inspect(error).includes('hunter2'));
  }
});
