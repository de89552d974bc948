import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournalError, MpaError } from '../../src/errors.ts';
import { aMessage } from './messages.ts';
import { openServer } from './openServer.ts';

test('200 is said only after the commit', async () => {
  await using server = await openServer();
  const commit = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  server.control.hearAlerts = async (message) => {
    asked.resolve();
    await commit.promise;
    server.control.messages.push(message);
  };
  let answered = false;
  const answer = server.post(aMessage()).then((response) => {
    answered = true;
    return response;
  });
  await asked.promise;
  await new Promise(setImmediate);
  assert.equal(answered, false);
  commit.resolve();
  assert.equal((await answer).statusCode, 200);
});

test('a journal that cannot be written is 503, to be tried again', async () => {
  await using server = await openServer();
  server.control.failure = new JournalError('JOURNAL_WRITE', 'disk full');
  const answer = await server.post(aMessage());
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.headers['retry-after'], '5');
  assert.equal(answer.json().code, 'JOURNAL_WRITE');
  assert.deepEqual(server.refused, [{ code: 'journal', count: 1 }]);
});

test('an agent that is full is 503, to be tried again', async () => {
  await using server = await openServer();
  server.control.failure = new MpaError('OVERLOADED', '10000 open incidents');
  const answer = await server.post(aMessage());
  assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [503, '5']);
  assert.deepEqual(server.refused, [{ code: 'overloaded', count: 1 }]);
});

test('a journal that hangs is answered with 503 in time', async () => {
  await using server = await openServer({ limits: { answerTimeoutMs: 20 } });
  const hung = Promise.withResolvers<void>();
  server.control.gate = hung.promise;
  const answer = await server.post(aMessage());
  assert.deepEqual([answer.statusCode, answer.json().code], [503, 'NOT_ANSWERED']);
  hung.resolve();
});

test('with too many messages under way the next is asked to come again, and taken later', async () => {
  await using server = await openServer({ limits: { webhooksInFlight: 2 } });
  const commit = Promise.withResolvers<void>();
  server.control.gate = commit.promise;
  const waiting = [server.post(aMessage()), server.post(aMessage())];
  const full = await server.post(aMessage());
  assert.deepEqual([full.statusCode, full.json().code], [503, 'OVERLOADED']);
  commit.resolve();
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ statusCode }) => statusCode),
    [200, 200],
  );
  assert.equal((await server.post(aMessage())).statusCode, 200);
});

test('a defect is a 500 that tells a stranger nothing and the log everything', async () => {
  await using server = await openServer();
  server.control.failure = new TypeError('secret detail');
  const answer = await server.post(aMessage());
  assert.equal(answer.statusCode, 500);
  assert.doesNotMatch(answer.body, /secret detail/);
  assert.equal(server.logged[0]?.level, 'error');
  assert.deepEqual(server.refused, [{ code: 'defect', count: 1 }]);
});

test('a body of another media type is 415', async () => {
  await using server = await openServer();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
    const answer = await server.post(JSON.stringify(aMessage()), { 'content-type': type });
    assert.deepEqual([answer.statusCode, answer.json().code], [415, 'MEDIA_TYPE'], type);
  }
  assert.equal(
    (await server.post(aMessage(), { 'content-type': 'application/json; charset=utf-8' })).statusCode,
    200,
  );
});

test('a body over the limit is 413, and says what the sender can do', async () => {
  await using server = await openServer({ limits: { bodySizeBytes: 1_000 } });
  const answer = await server.post(JSON.stringify(aMessage([])).padEnd(1_001));
  assert.deepEqual([answer.statusCode, answer.json().code], [413, 'BODY_TOO_LARGE']);
  assert.match(answer.json().remedy, /max_alerts/);
  assert.equal((await server.post(JSON.stringify(aMessage([])).padEnd(1_000))).statusCode, 200);
});

test('answers are counted by the pattern of the address, never by the address', async () => {
  await using server = await openServer();
  await server.call('GET', '/api/v1/incidents/some-id');
  await server.app.inject('/made/up/by/somebody');
  assert.deepEqual(server.answered, [
    { method: 'GET', route: '/api/v1/incidents/:id', status: 404 },
    { method: 'GET', route: '(none)', status: 404 },
  ]);
});
