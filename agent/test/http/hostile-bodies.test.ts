import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMessage, anAlert } from './messages.ts';
import { openServer } from './openServer.ts';

const REFUSED: readonly (readonly [string, string | Buffer, string])[] = [
  ['an empty body', '', 'BODY_NOT_JSON'],
  ['white space', ' \n', 'BODY_NOT_JSON'],
  ['text', 'hello', 'BODY_NOT_JSON'],
  ['half a message', JSON.stringify(aMessage()).slice(0, 200), 'BODY_NOT_JSON'],
  ['binary', Buffer.from([0, 1, 2, 0xff, 0xfe]), 'BODY_NOT_JSON'],
  ['null', 'null', 'NOT_ALERTMANAGER_V4'],
  ['a number', '4', 'NOT_ALERTMANAGER_V4'],
  ['a list', '[]', 'NOT_ALERTMANAGER_V4'],
  ['a payload of someone’s own', '{"text":"ServiceDown"}', 'NOT_ALERTMANAGER_V4'],
  ['version 3', JSON.stringify(aMessage([], { version: '3' })), 'NOT_ALERTMANAGER_V4'],
  ['version 4 as a number', JSON.stringify(aMessage([], { version: 4 })), 'NOT_ALERTMANAGER_V4'],
  ['alerts that are no list', JSON.stringify(aMessage([], { alerts: {} })), 'REQUEST_INVALID'],
  ['no alerts field', '{"version":"4"}', 'REQUEST_INVALID'],
  ['nested lists without end', '['.repeat(500_000), 'BODY_TOO_DEEP'],
  ['nested objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'BODY_TOO_DEEP'],
  ['a huge number as count', '{"version":"4","alerts":[],"truncatedAlerts":1e400}', 'REQUEST_INVALID'],
];

for (const [what, body, code] of REFUSED) {
  test(`${what} is refused with ${code}, and nothing is heard`, async () => {
    await using server = await openServer();
    const answer = await server.post(body);
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.json().code, code);
    assert.deepEqual(server.control.messages, []);
    assert.equal(server.refused.length, 1);
  });
}

test('alerts that were refused are in the log, with what is wrong and what to do, and not in a flood of lines', async () => {
  await using server = await openServer();
  for (let n = 0; n < 50; n += 1) await server.post(aMessage([], { version: '3' }));
  await server.post(aMessage([anAlert({ startsAt: 'yesterday' })]));
  assert.deepEqual(
    server.logged.map(({ level, message }) => [level, message.split('. ')[0]]),
    [
      [
        'warn',
        'alerts were refused: The body is not an Alertmanager webhook message of version 4: `version` must be "4" and is "3"',
      ],
      [
        'warn',
        'alerts were refused: The request has wrong fields: alerts[0].startsAt: must be a time in RFC 3339; alerts of the message: 1 refused, 0 taken',
      ],
    ],
  );
});

test('labels named like parts of an object are labels', async () => {
  await using server = await openServer();
  const labels = '{"alertname":"A","__proto__":"p","constructor":"c","toString":"t","hasOwnProperty":"h"}';
  const body = JSON.stringify(aMessage([anAlert({ labels: 'HERE' })])).replace('"HERE"', labels);
  assert.equal((await server.post(body)).statusCode, 200);
  const heard = server.control.messages[0]?.alerts[0]?.labels ?? {};
  assert.equal(Object.getPrototypeOf(heard), null);
  assert.deepEqual(Object.entries(heard), [
    ['alertname', 'A'],
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ['toString', 't'],
    ['hasOwnProperty', 'h'],
  ]);
  assert.equal({}.toString(), '[object Object]');
});

test('a prototype smuggled in as a label value is refused', async () => {
  await using server = await openServer();
  const body = JSON.stringify(aMessage([anAlert({ labels: 'HERE' })])).replace(
    '"HERE"',
    '{"__proto__":{"admin":"yes"}}',
  );
  const answer = await server.post(body);
  assert.equal(answer.json().errors[0].path, 'alerts[0].labels.__proto__');
});

test('NUL bytes and lone surrogates are replaced, so that every store can hold the alert', async () => {
  await using server = await openServer();
  const labels = { alertname: 'A\u0000B', service: '\ud800x', 'na\u0000me': 'v' };
  assert.equal((await server.post(aMessage([anAlert({ labels })]))).statusCode, 200);
  assert.deepEqual(
    { ...server.control.messages[0]?.alerts[0]?.labels },
    {
      alertname: 'A\ufffdB',
      service: '\ufffdx',
      'na\ufffdme': 'v',
    },
  );
});

test('emoji and every script are kept as they are', async () => {
  await using server = await openServer();
  const labels = { alertname: '🔥', service: 'сервис', ключ: '価値' };
  await server.post(aMessage([anAlert({ labels })]));
  assert.deepEqual({ ...server.control.messages[0]?.alerts[0]?.labels }, labels);
});

test('bytes that are no UTF-8 do not make an alert unheard', async () => {
  await using server = await openServer();
  const [before = '', after = ''] = JSON.stringify(
    aMessage([anAlert({ labels: { alertname: 'A', x: 'HERE' } })]),
  ).split('HERE');
  const answer = await server.post(
    Buffer.concat([Buffer.from(before), Buffer.from([0xc3, 0x28]), Buffer.from(after)]),
  );
  assert.equal(answer.statusCode, 200);
  assert.equal(server.control.messages[0]?.alerts[0]?.labels['x'], '\ufffd(');
});

test('a million labels are refused, and named as too many', async () => {
  await using server = await openServer({ limits: { bodySizeBytes: 32_000_000 } });
  const labels = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`l${index}`, 'v']));
  const answer = await server.post(aMessage([anAlert({ labels })]));
  assert.equal(answer.statusCode, 400);
  assert.deepEqual(answer.json().errors, [{ path: 'alerts[0].labels', reason: 'has more than 100 labels' }]);
});

test('a bracket inside a string is no nesting', async () => {
  await using server = await openServer();
  const annotations = { summary: '[{'.repeat(500), quoted: '\\"[[[[' };
  assert.equal((await server.post(aMessage([anAlert({ annotations })]))).statusCode, 200);
});

test('a key given twice counts once, the last one', async () => {
  await using server = await openServer();
  const body = JSON.stringify(aMessage([anAlert({ labels: 'HERE' })])).replace('"HERE"', '{"a":"1","a":"2"}');
  await server.post(body);
  assert.deepEqual({ ...server.control.messages[0]?.alerts[0]?.labels }, { a: '2' });
});
