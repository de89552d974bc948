import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MpaError } from '../../src/errors.ts';
import { SAMPLE_AT, SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { sampleSummary } from '../fakes/summary.ts';
import { openServer } from './openServer.ts';

test('incidents are listed newest first, and filtered by target and state', async () => {
  await using server = await openServer();
  await server.journal.append(
    [],
    [
      sampleSummary({ id: 'a', openedAt: 1_000 }),
      sampleSummary({ id: 'b', openedAt: 2_000, endedAt: 3_000, phase: 'ended', outcome: 'recovered' }),
      sampleSummary({ id: 'c', openedAt: 3_000, target: null }),
    ],
  );
  const ids = async (query: string) =>
    (await server.call('GET', `/api/v1/incidents${query}`))
      .json()
      .incidents.map(({ id }: { id: string }) => id);
  assert.deepEqual(await ids(''), ['c', 'b', 'a']);
  assert.deepEqual(await ids('?target=market-predictor'), ['b', 'a']);
  assert.deepEqual(await ids('?state=open'), ['c', 'a']);
  assert.deepEqual(await ids('?state=ended&target=market-predictor'), ['b']);
});

test('pages give every incident once, also when many opened in the same millisecond', async () => {
  await using server = await openServer();
  const summaries = Array.from({ length: 23 }, (_, n) =>
    sampleSummary({ id: `inc-${String(n).padStart(2, '0')}`, openedAt: n < 17 ? 5_000 : 5_000 + n }),
  );
  await server.journal.append([], summaries);
  const seen: string[] = [];
  let next: string | null = '';
  for (let page = 0; next !== null && page < 20; page += 1) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const answer: { incidents: { id: string }[]; next: string | null } = (
      await server.call('GET', `/api/v1/incidents?limit=3${cursor}`)
    ).json();
    assert.ok(answer.incidents.length <= 3);
    seen.push(...answer.incidents.map(({ id }) => id));
    next = answer.next;
  }
  assert.equal(next, null);
  assert.equal(seen.length, 23);
  assert.equal(new Set(seen).size, 23);
});

test('a query that makes no sense is refused by the field', async () => {
  await using server = await openServer();
  for (const [query, path] of [
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=many', 'limit'],
    ['state=half', 'state'],
    ['cursor=made-up', 'cursor'],
  ] as const) {
    const answer = await server.call('GET', `/api/v1/incidents?${query}`);
    assert.equal(answer.statusCode, 400, query);
    assert.equal(answer.json().code, 'REQUEST_INVALID');
    assert.equal(answer.json().errors[0].path, path);
  }
});

test('one incident is told with its whole journal, page by page, each entry also as a sentence', async () => {
  await using server = await openServer();
  const bodies = Object.values(SAMPLE_BODIES);
  await server.journal.append(
    bodies.map((body) => sampleEntry(body)),
    [sampleSummary()],
  );
  const first = (await server.call('GET', '/api/v1/incidents/inc-1?limit=20')).json();
  assert.equal(first.incident.id, 'inc-1');
  assert.equal(first.entries.length, 20);
  assert.equal(first.next, 20);
  const rest = (await server.call('GET', '/api/v1/incidents/inc-1?offset=20')).json();
  assert.equal(rest.next, null);
  const entries: { body: unknown; text: string }[] = [...first.entries, ...rest.entries];
  assert.deepEqual(
    entries.map(({ body }) => body),
    bodies,
  );
  assert.ok(entries.every(({ text }) => text.startsWith('market-predictor: ')));
});

test('the report of an incident is Markdown with its own type, and counts what was before', async () => {
  await using server = await openServer();
  const before = sampleSummary({ id: 'inc-0', openedAt: SAMPLE_AT - 60_000, endedAt: SAMPLE_AT - 50_000 });
  await server.journal.append(
    [sampleEntry(SAMPLE_BODIES['incident-opened']), sampleEntry(SAMPLE_BODIES['evidence-gathered'])],
    [before, sampleSummary({ openedAt: SAMPLE_AT })],
  );
  const answer = await server.call('GET', '/api/v1/incidents/inc-1/report');
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers['content-type'], 'text/markdown; charset=utf-8');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.match(answer.body, /^# market-predictor: the agent is at work on it\n/);
  assert.match(answer.body, /\*\*Before:\*\* once in 30 days/);
});

test('there is no report of what is no incident, and none without a token', async () => {
  await using server = await openServer();
  const unknown = await server.call('GET', '/api/v1/incidents/nope/report');
  assert.equal(unknown.statusCode, 404);
  assert.equal(unknown.json().code, 'UNKNOWN_INCIDENT');
  const stranger = await server.app.inject({ method: 'GET', url: '/api/v1/incidents/inc-1/report' });
  assert.equal(stranger.statusCode, 401);
});

test('an unknown incident is a 404 with its code', async () => {
  await using server = await openServer();
  const answer = await server.call('GET', '/api/v1/incidents/nope');
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const { code, status, type, title, detail, remedy } = answer.json();
  assert.deepEqual(
    { code, status, type, title, detail },
    {
      code: 'UNKNOWN_INCIDENT',
      status: 404,
      type: 'urn:mpa:error:UNKNOWN_INCIDENT',
      title: 'No such incident',
      detail: 'nope',
    },
  );
  assert.notEqual(remedy, '');
});

for (const command of ['acknowledge', 'close', 'recover', 'approve', 'deny']) {
  test(`a person's word "${command}" reaches the agent with who and why`, async () => {
    await using server = await openServer();
    const person = { who: ' ada ', reason: 'on it' };
    const answer = await server.call('POST', `/api/v1/incidents/inc-1/${command}`, person);
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(server.control.commands, [{ incident: 'inc-1', command, who: 'ada', reason: 'on it' }]);
  });
}

test('a word without who or why is refused, and nothing is said to the agent', async () => {
  await using server = await openServer();
  for (const person of [
    {},
    { who: 'ada' },
    { who: ' ', reason: 'x' },
    { who: 'ada', reason: 'x'.repeat(2_001) },
  ]) {
    const answer = await server.call('POST', '/api/v1/incidents/inc-1/close', person);
    assert.equal(answer.statusCode, 400);
  }
  assert.equal((await server.call('POST', '/api/v1/incidents/inc-1/close')).statusCode, 400);
  assert.deepEqual(server.control.commands, []);
});

test('a word that does not fit now is a conflict', async () => {
  await using server = await openServer();
  server.control.failure = new MpaError('NOT_POSSIBLE', 'nothing waits for approval');
  const answer = await server.call('POST', '/api/v1/incidents/inc-1/approve', { who: 'ada', reason: 'ok' });
  assert.equal(answer.statusCode, 409);
  assert.equal(answer.json().code, 'NOT_POSSIBLE');
});

test('a word that nobody knows has no address', async () => {
  await using server = await openServer();
  const answer = await server.call('POST', '/api/v1/incidents/inc-1/delete', { who: 'ada', reason: 'ok' });
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.json().code, 'NO_ROUTE');
});

test('a word to an incident that has ended is told how it ended, not that there is none', async () => {
  await using server = await openServer();
  const ended = sampleSummary({ endedAt: SAMPLE_AT, phase: 'ended', outcome: 'recovered' });
  await server.journal.append([], [ended]);
  // The engine knows what is open, and says this of all others.
  server.control.failure = new MpaError('UNKNOWN_INCIDENT', ended.id);
  const word = (id: string) =>
    server.call('POST', `/api/v1/incidents/${id}/acknowledge`, { who: 'ada', reason: 'on it' });
  const answer = await word(ended.id);
  assert.equal(answer.statusCode, 409);
  assert.match(answer.json().detail, /inc-1 has ended: recovered/);
  assert.equal((await word('nope')).statusCode, 404);
});
