import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournalError } from '../../src/errors.ts';
import { aMessage, anAlert } from './messages.ts';
import { openServer } from './openServer.ts';

const GOOD = anAlert({ fingerprint: 'aaaa' });
const BAD: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['no fingerprint', { fingerprint: undefined }, 'alerts[1].fingerprint'],
  ['an empty fingerprint', { fingerprint: '' }, 'alerts[1].fingerprint'],
  ['labels that are a list', { labels: [] }, 'alerts[1].labels'],
  ['no labels', { labels: undefined }, 'alerts[1].labels'],
  ['a label that is a number', { labels: { a: 1 } }, 'alerts[1].labels.a'],
  ['a label that is null', { labels: { a: null } }, 'alerts[1].labels.a'],
  ['a label value over the limit', { labels: { a: 'x'.repeat(4_097) } }, 'alerts[1].labels.a'],
  [
    'too many labels',
    { labels: Object.fromEntries([...Array(101).keys()].map((n) => [`l${n}`, ''])) },
    'alerts[1].labels',
  ],
  ['another status', { status: 'suppressed' }, 'alerts[1].status'],
  ['a start that is no time', { startsAt: 'yesterday' }, 'alerts[1].startsAt'],
  ['no start', { startsAt: undefined }, 'alerts[1].startsAt'],
];

for (const [what, overrides, path] of BAD) {
  test(`an alert with ${what} is refused by its path, and the others of its group are heard`, async () => {
    await using server = await openServer();
    const answer = await server.post(aMessage([GOOD, anAlert(overrides)]));
    assert.equal(answer.statusCode, 400);
    const problem = answer.json();
    assert.equal(problem.code, 'REQUEST_INVALID');
    assert.equal(problem.errors[0].path, path);
    assert.notEqual(problem.errors[0].reason, '');
    assert.equal(problem.taken, 1);
    assert.deepEqual(
      server.control.messages.map(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint)),
      [['aaaa']],
    );
    assert.deepEqual(server.refused, [{ code: 'invalid', count: 1 }]);
  });
}

test('a label name over the limit is refused, and shown cut', async () => {
  await using server = await openServer();
  const answer = await server.post(aMessage([anAlert({ labels: { ['n'.repeat(1_025)]: 'v' } })]));
  assert.equal(answer.statusCode, 400);
  assert.ok(answer.json().errors[0].path.length < 200);
});

test('an alert that is no object is refused', async () => {
  await using server = await openServer();
  const answer = await server.post(aMessage([null, 1, 'x', [], GOOD]));
  assert.equal(answer.json().taken, 1);
  assert.deepEqual(server.refused, [{ code: 'invalid', count: 4 }]);
});

test('the wrong fields that are named are bounded, and all wrong alerts counted', async () => {
  await using server = await openServer();
  const answer = await server.post(aMessage(Array.from({ length: 500 }, () => anAlert({ fingerprint: 1 }))));
  assert.equal(answer.json().errors.length, 20);
  assert.deepEqual(server.refused, [{ code: 'invalid', count: 500 }]);
  assert.deepEqual(server.control.messages, []);
});

test('when the good alerts cannot be committed, all of it is asked for again', async () => {
  await using server = await openServer();
  server.control.failure = new JournalError('JOURNAL_WRITE', 'disk full');
  const answer = await server.post(aMessage([GOOD, anAlert({ fingerprint: undefined })]));
  assert.equal(answer.statusCode, 503);
});

test('an escape sequence in a label name comes back harmless', async () => {
  await using server = await openServer();
  const answer = await server.post(aMessage([anAlert({ labels: { '\u001b[2J': 1 } })]));
  assert.equal(answer.json().errors[0].path, 'alerts[0].labels.\\u001b[2J');
});

test('annotations are cut or left out, never a reason to refuse', async () => {
  await using server = await openServer();
  const many = Object.fromEntries([...Array(150).keys()].map((n) => [`a${n}`, 'v']));
  const answer = await server.post(
    aMessage([
      anAlert({ annotations: { summary: 'x'.repeat(10_000), wrong: 5 } }),
      anAlert({ annotations: many }),
      anAlert({ annotations: null }),
      anAlert({ annotations: undefined }),
    ]),
  );
  assert.equal(answer.statusCode, 200);
  const heard = server.control.messages[0]?.alerts.map(({ annotations }) => annotations) ?? [];
  assert.equal(heard[0]?.['summary']?.length, 4_096);
  assert.deepEqual(Object.keys(heard[0] ?? {}), ['summary']);
  assert.deepEqual(
    heard.map((annotations) => Object.keys(annotations).length),
    [1, 100, 0, 0],
  );
});

test('alerts over the limit of a message are taken up to it, and the rest counted as left out', async () => {
  await using server = await openServer({ limits: { alertsPerMessage: 10 } });
  const alerts = Array.from({ length: 25 }, (_, n) => anAlert({ fingerprint: `f${n}` }));
  const answer = await server.post(aMessage(alerts, { truncatedAlerts: 2 }));
  assert.equal(answer.statusCode, 200);
  assert.equal(server.control.messages[0]?.alerts.length, 10);
  assert.equal(server.control.messages[0]?.truncated, 17);
});
