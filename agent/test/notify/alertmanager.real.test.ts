// Escalations through a real Alertmanager to a webhook, as people would get them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAlertmanager, webhookConfiguration } from '../../../e2e/lab/alertmanager.ts';
import { startReceiver } from '../../../e2e/lab/receiver.ts';
import { waitFor } from '../../../e2e/lab/waitFor.ts';
import { AlertmanagerNotifier } from '../../src/notify/alertmanager.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { escalation, hugeEscalation } from './messages.ts';

const soon = () => AbortSignal.timeout(5_000);
const options = { channel: 'alertmanager', alertName: 'MarketProgrammerAgentEscalation', repeatMs: 60_000 };

test('an escalation reaches people once however often it is repeated, and its withdrawal too', async () => {
  await using receiver = await startReceiver();
  await using alertmanager = await startAlertmanager(webhookConfiguration(receiver.url));
  const channel = new AlertmanagerNotifier(
    new ServiceClient(alertmanager.url, null),
    { now: Date.now },
    options,
  );
  const message = escalation({ openedAt: Date.now() - 1_000, at: Date.now() });
  const statuses = () => receiver.requests.flatMap(({ body }) => JSON.parse(body).alerts);

  await channel.deliver(message, soon());
  await waitFor('the alert', statuses, (seen) => seen.length > 0);
  await channel.deliver(message, soon());
  await channel.deliver({ ...message, number: 2, reason: 'another reason' }, soon());
  assert.equal((await alertmanager.alerts()).length, 1);

  await channel.withdraw(message, 'recovered', soon());
  await channel.withdraw(message, 'recovered', soon());
  const isResolved = (seen: { status: string }[]) => seen.at(-1)?.status === 'resolved';
  const seen = await waitFor('the end', statuses, isResolved, { deadlineMs: 20_000 });
  assert.equal(new Set(seen.map(({ fingerprint }) => fingerprint)).size, 1);
  assert.equal(seen.at(-1).annotations.withdrawal, 'recovered');
  assert.deepEqual(await alertmanager.alerts(), []);
});

test('it accepts a story of any size, and a link that is none', async () => {
  await using alertmanager = await startAlertmanager(webhookConfiguration('http://127.0.0.1:1/'));
  const channel = new AlertmanagerNotifier(
    new ServiceClient(alertmanager.url, null),
    { now: Date.now },
    options,
  );
  await channel.deliver({ ...hugeEscalation(), at: Date.now() }, soon());
  await channel.deliver(escalation({ incident: 'other', at: Date.now(), link: 'no link' }), soon());
  assert.equal((await alertmanager.alerts()).length, 2);
});

test('an alert that Alertmanager refuses is an error', async () => {
  await using alertmanager = await startAlertmanager(webhookConfiguration('http://127.0.0.1:1/'));
  const client = new ServiceClient(alertmanager.url, null);
  // An alert without any label is none.
  await assert.rejects(client.postJson('/api/v2/alerts', [{ labels: {} }], {}, soon()), /HTTP 400/);
});
