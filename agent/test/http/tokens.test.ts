import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertMayListen, isLoopback } from '../../src/http/loopback.ts';
import { TokenKeeper, TokenSet } from '../../src/http/tokens.ts';
import { aMessage } from './messages.ts';
import { OPERATOR_TOKEN, openServer, WEBHOOK_TOKEN } from './openServer.ts';

test('a missing, a wrong and another door’s token are refused before the body is read', async () => {
  await using server = await openServer();
  for (const authorization of [
    '',
    'Bearer',
    'Bearer wrong',
    `Basic ${WEBHOOK_TOKEN}`,
    `Bearer ${OPERATOR_TOKEN}`,
  ]) {
    const answer = await server.post('not json', { authorization });
    assert.equal(answer.statusCode, 401, authorization);
    assert.match(String(answer.headers['www-authenticate']), /^Bearer /);
    assert.equal(answer.json().code, 'UNAUTHORIZED');
  }
  assert.ok(server.refused.every(({ code }) => code === 'unauthorized'));
});

test('a flood of wrong tokens is one line in the log, and never the token', async () => {
  await using server = await openServer();
  for (let n = 0; n < 50; n += 1) await server.post({}, { authorization: `Bearer guess-${n}` });
  assert.equal(server.logged.length, 1);
  assert.doesNotMatch(JSON.stringify(server.logged), /guess-/);
});

test('the scheme is read in any case', async () => {
  await using server = await openServer();
  assert.equal((await server.post(aMessage(), { authorization: `bearer ${WEBHOOK_TOKEN}` })).statusCode, 200);
});

test('several tokens are accepted at once, and a replaced one no longer', async () => {
  const webhookTokens = new TokenKeeper(new TokenSet(['old-token', 'next-token']));
  await using server = await openServer({ webhookTokens });
  const status = async (token: string) =>
    (await server.post(aMessage(), { authorization: `Bearer ${token}` })).statusCode;

  assert.deepEqual(await Promise.all(['old-token', 'next-token'].map(status)), [200, 200]);
  webhookTokens.replace(new TokenSet(['next-token']));
  assert.deepEqual(await Promise.all(['old-token', 'next-token'].map(status)), [401, 200]);
});

test('without tokens only loopback may be listened on', () => {
  const some = new TokenSet(['t']);
  for (const host of ['127.0.0.1', '127.8.0.1', '::1', '[::1]', 'localhost', 'LOCALHOST']) {
    assert.ok(isLoopback(host), host);
    assertMayListen(host, { webhook: TokenSet.EMPTY, operator: TokenSet.EMPTY });
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'example.com',
    '',
    '127.0.0.1.example.com',
    '::ffff:10.0.0.1',
  ]) {
    const open = { webhook: some, operator: TokenSet.EMPTY };
    assert.throws(() => assertMayListen(host, open), { code: 'OPEN_LISTENER', message: /the API/ }, host);
    assert.throws(
      () => assertMayListen(host, { webhook: TokenSet.EMPTY, operator: some }),
      /the webhook/,
      host,
    );
    assertMayListen(host, { webhook: some, operator: some });
  }
});

test('without tokens a web page of a stranger cannot speak through a browser on this machine', async () => {
  const none = () => new TokenKeeper(TokenSet.EMPTY);
  await using server = await openServer({ webhookTokens: none(), operatorTokens: none() });
  const reload = async (headers: Record<string, string>) =>
    (await server.app.inject({ method: 'POST', url: '/-/reload', headers })).statusCode;
  assert.equal(await reload({ host: '127.0.0.1:8787' }), 200);
  assert.equal(await reload({ host: 'localhost:8787', origin: 'http://localhost:8787' }), 200);
  assert.equal(await reload({ host: 'rebound.example.com:8787' }), 403);
  assert.equal(await reload({ host: '127.0.0.1:8787', origin: 'https://evil.example.com' }), 403);
  assert.equal(await reload({ host: '127.0.0.1:8787', origin: 'null' }), 403);
});
