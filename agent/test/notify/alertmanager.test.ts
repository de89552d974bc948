import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTarget } from '../../src/core/findTarget.ts';
import { DEFAULT_LABEL_MAPPINGS } from '../../src/core/settings.ts';
import type { Target } from '../../src/core/target.ts';
import { AlertmanagerNotifier } from '../../src/notify/alertmanager.ts';
import type { EscalationMessage } from '../../src/ports.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { startScripted } from '../fakes/scriptedServer.ts';
import { escalation, hugeEscalation } from './messages.ts';

const NOW = escalation().at + 60_000;
const soon = () => AbortSignal.timeout(5_000);

/** What is posted for these, in order. */
async function posted(
  act: (channel: AlertmanagerNotifier) => Promise<void>,
  now = NOW,
): Promise<readonly Record<string, never>[]> {
  await using server = await startScripted((_request, response) => response.end());
  const options = { channel: 'alertmanager', alertName: 'MarketProgrammerAgentEscalation', repeatMs: 60_000 };
  await act(new AlertmanagerNotifier(new ServiceClient(server.url, null), { now: () => now }, options));
  assert.ok(server.requests.every(({ url }) => url.pathname === '/api/v2/alerts'));
  return server.requests.flatMap(({ body }) => JSON.parse(body));
}

async function deliver(message: EscalationMessage): Promise<Record<string, never>> {
  const [alert] = await posted((channel) => channel.deliver(message, soon()));
  assert.ok(alert !== undefined);
  return alert;
}

test('an escalation becomes an alert without an end, with what was tried and where to read on', async () => {
  assert.deepEqual(await deliver(escalation()), {
    labels: {
      alertname: 'MarketProgrammerAgentEscalation',
      severity: 'critical',
      escalated_target: 'web',
      escalation_code: 'not-verified',
      incident: '01J-web',
    },
    annotations: {
      summary: 'web needs a person: web is not healthy 2 min after the restart',
      description: [
        'What was tried by the strategy service-down:',
        '- 2026-01-02T03:04:06.000Z check_logs succeeded',
        '- 2026-01-02T03:04:07.000Z restart of web-1 succeeded: the engine restarted it',
      ].join('\n'),
      alerts: 'ServiceDown',
      escalation: '1',
      link: 'http://agent:9095/api/v1/incidents/01J-web',
    },
    startsAt: '2026-01-02T03:09:05.000Z',
    generatorURL: 'http://agent:9095/api/v1/incidents/01J-web',
  });
});

test('a repetition and a withdrawal are the same alert; the withdrawal ends it', async () => {
  const [first, again, withdrawn] = await posted(async (channel) => {
    await channel.deliver(escalation(), soon());
    await channel.deliver(escalation(), soon());
    await channel.withdraw(escalation(), 'recovered', soon());
  });
  assert.deepEqual(again, first);
  assert.deepEqual(withdrawn?.['labels'], first?.['labels']);
  assert.equal(withdrawn?.['startsAt'], first?.['startsAt']);
  assert.equal(withdrawn?.['endsAt'], new Date(NOW).toISOString());
});

test('an end is never before the beginning, even if the clock was set back', async () => {
  const [alert] = await posted((channel) => channel.withdraw(escalation(), 'recovered', soon()), 1_000);
  assert.equal(alert?.['endsAt'], alert?.['startsAt']);
});

test('two incidents without a target are two alerts', async () => {
  const [a, b] = [escalation({ target: null }), escalation({ target: null, incident: '01J-other' })];
  assert.notDeepEqual((await deliver(a))['labels'], (await deliver(b))['labels']);
});

test('the agent’s own label mappings do not take the alert for one of the target', async () => {
  // Only the name matters to the mapping.
  const web = { name: 'web', aliases: [] } as unknown as Target;
  const { labels } = await deliver(escalation());
  assert.equal(findTarget(labels ?? {}, DEFAULT_LABEL_MAPPINGS, [web]).kind, 'none');
});

test('a story of any size is sent in bounds; a link that is none is left out where Alertmanager would refuse it', async () => {
  const huge = await deliver(hugeEscalation());
  assert.ok(JSON.stringify(huge).length < 20_000);
  assert.equal('generatorURL' in (await deliver(escalation({ link: 'not a link' }))), false);
});
