import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WebhookNotifier } from '../../src/notify/webhook.ts';
import { Secret } from '../../src/secret.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { BAD_DAYS, type ScriptedServer, startScripted } from '../fakes/scriptedServer.ts';
import { escalation, hugeEscalation } from './messages.ts';

const soon = () => AbortSignal.timeout(5_000);

function accepting(): Promise<ScriptedServer> {
  return startScripted((_request, response) => response.writeHead(202).end('thanks'));
}

function notifier(url: string): WebhookNotifier {
  return new WebhookNotifier('pager', new ServiceClient(url, new Secret('t0ken', 'file')), null);
}

test('an escalation is posted with its whole story, in the documented shape', async () => {
  await using server = await accepting();
  await notifier(`${server.url}/hook?room=1`).deliver(escalation(), soon());
  const [request] = server.requests;
  assert.equal(request?.method, 'POST');
  assert.equal(request?.url.pathname + request?.url.search, '/hook?room=1');
  assert.equal(request?.headers['content-type'], 'application/json');
  assert.equal(request?.headers.authorization, 'Bearer t0ken');
  assert.equal(request?.headers['idempotency-key'], '"01J-web-1-escalated"');
  assert.deepEqual(JSON.parse(request?.body ?? ''), {
    version: '1',
    event: 'escalated',
    key: '01J-web-1-escalated',
    text: [
      'web needs a person: web is not healthy 2 min after the restart',
      'What was tried by the strategy service-down:',
      '- 2026-01-02T03:04:06.000Z check_logs succeeded',
      '- 2026-01-02T03:04:07.000Z restart of web-1 succeeded: the engine restarted it',
      'http://agent:9095/api/v1/incidents/01J-web',
    ].join('\n'),
    incident: '01J-web',
    number: 1,
    target: 'web',
    severity: 'critical',
    code: 'not-verified',
    reason: 'web is not healthy 2 min after the restart',
    withdrawal: null,
    openedAt: '2026-01-02T03:04:05.000Z',
    escalatedAt: '2026-01-02T03:09:05.000Z',
    causes: [],
    strategy: 'service-down',
    attempts: [
      {
        action: 'check_logs',
        instance: null,
        startedAt: '2026-01-02T03:04:06.000Z',
        outcome: 'succeeded',
        reason: '',
      },
      {
        action: 'restart',
        instance: 'web-1',
        startedAt: '2026-01-02T03:04:07.000Z',
        outcome: 'succeeded',
        reason: 'the engine restarted it',
      },
    ],
    alerts: [{ name: 'ServiceDown', labels: { alertname: 'ServiceDown', service: 'web' } }],
    link: 'http://agent:9095/api/v1/incidents/01J-web',
  });
});

test('likely causes are told with their places in the evidence and what to do, and steer nothing that shows them', async () => {
  await using server = await accepting();
  const causes = [
    {
      id: 'tls-expired',
      group: 'tls',
      summary: 'the certificate has expired \u001b[2J',
      restartHelps: 'no',
      confidence: 0.95,
      citations: ['E2:17', 'E3'],
      remedy: 'Renew it.',
    },
  ] as const;
  await notifier(server.url).deliver(escalation({ causes, reason: 'seen: \u001b[31mred' }), soon());
  const body = JSON.parse(server.requests[0]?.body ?? '');
  const [headline, ...lines] = body.text.split('\n');
  assert.equal(headline, 'web needs a person: seen: \\u001b[31mred');
  assert.deepEqual(lines.slice(0, 2), [
    'Likely causes:',
    '- the certificate has expired \\u001b[2J (95 %, see E2:17, E3; a restart cannot help): Renew it.',
  ]);
  assert.deepEqual(body.causes[0].citations, ['E2:17', 'E3']);
});

test('a repetition is recognised by its key, a withdrawal and a second escalation have others', async () => {
  await using server = await accepting();
  const channel = notifier(server.url);
  await channel.deliver(escalation(), soon());
  await channel.deliver(escalation(), soon());
  await channel.withdraw(escalation(), 'recovered', soon());
  await channel.deliver(escalation({ number: 2 }), soon());
  const [first, again, withdrawn, second] = server.requests.map(({ body }) => JSON.parse(body));
  assert.deepEqual(again, first);
  assert.equal(new Set([first.key, withdrawn.key, second.key]).size, 3);
  assert.deepEqual([withdrawn.event, withdrawn.withdrawal], ['withdrawn', 'recovered']);
  assert.match(withdrawn.text, /^web needs nobody any more: recovered/);
});

test('where no target was found and nothing was tried, that is what is said', async () => {
  await using server = await accepting();
  await notifier(server.url).deliver(escalation({ target: null, attempts: [], strategy: null }), soon());
  assert.match(
    JSON.parse(server.requests[0]?.body ?? '').text,
    /^An unknown target needs a person: .*\nNothing was tried/,
  );
});

test('a story of any size is sent in bounds: the latest attempts, and no half characters', async () => {
  await using server = await accepting();
  await notifier(server.url).deliver(hugeEscalation(), soon());
  const body = server.requests[0]?.body ?? '';
  assert.ok(body.length < 1_000_000);
  assert.ok(!/\\ud8|\ufffd/i.test(body));
  assert.match(JSON.parse(body).attempts.at(-1).reason, /^999 /);
});

describe('a delivery that was not accepted is an error', () => {
  for (const name of ['answers 500', 'sends to a login page', 'drops the connection', 'never answers']) {
    test(name, async () => {
      const day = BAD_DAYS[name];
      await using server = await startScripted((_request, response) => day?.do(response));
      const deadline = AbortSignal.timeout(name === 'never answers' ? 100 : 5_000);
      const expected = { code: 'SERVICE_FAILED', message: day?.words };
      await assert.rejects(notifier(server.url).deliver(escalation(), deadline), expected);
    });
  }
});

test('a panic of the fleet is told as what it is, and so is its end', async () => {
  await using server = await accepting();
  const message = escalation({ target: null, code: 'fleet-panic', reason: '5 of 8 targets fail at once' });
  await notifier(server.url).deliver(message, soon());
  await notifier(server.url).withdraw(message, 'it ended: self-resolved', soon());
  const [said, over] = server.requests.map(({ body }) => String(JSON.parse(body).text));
  assert.match(said ?? '', /^The fleet as a whole needs a person: 5 of 8 targets fail at once/);
  assert.match(over ?? '', /^The fleet as a whole needs nobody any more/);
});
