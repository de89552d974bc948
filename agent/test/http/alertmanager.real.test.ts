import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAlertmanager } from '../../../e2e/lab/alertmanager.ts';
import { waitFor } from '../../../e2e/lab/waitFor.ts';
import type { Alert } from '../../src/core/alert.ts';
import { JournalError } from '../../src/errors.ts';
import { openServer, WEBHOOK_TOKEN } from './openServer.ts';

type Given = { readonly maxAlerts?: number; readonly labelsPerAlert?: number; readonly token?: string };

/** A real Alertmanager that sends to a listening server, in groups by `alertname`, and again every second. */
async function openPair({ maxAlerts = 0, labelsPerAlert = 100, token = WEBHOOK_TOKEN }: Given = {}) {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(await openServer({ limits: { labelsPerAlert } }));
  const folder = cleanup.use(await mkdtempDisposable(join(tmpdir(), 'mpa-webhook-')));
  const credentials = join(folder.path, 'token');
  await writeFile(credentials, token);
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const alertmanager = cleanup.use(
    await startAlertmanager({
      route: {
        receiver: 'agent',
        group_by: ['alertname'],
        group_wait: '200ms',
        group_interval: '1s',
        repeat_interval: '1s',
      },
      receivers: [
        {
          name: 'agent',
          webhook_configs: [
            {
              url: `${url}/webhooks/alertmanager`,
              max_alerts: maxAlerts,
              http_config: { authorization: { credentials_file: credentials } },
            },
          ],
        },
      ],
    }),
  );
  const owned = cleanup.move();
  return { ...server, alertmanager, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const DOWN = ['a', 'b', 'c'].map((service) => ({ labels: { alertname: 'ServiceDown', service } }));

const services = (alerts: readonly Alert[] = []) => alerts.map(({ labels }) => labels['service']);

test('a group is heard whole, with the fingerprints that Alertmanager gave', async () => {
  await using pair = await openPair();
  await pair.alertmanager.post(DOWN);
  const messages = await waitFor(
    'the group',
    () => pair.control.messages,
    (seen) => seen.some(({ alerts }) => alerts.length === 3),
  );
  const group = messages.find(({ alerts }) => alerts.length === 3);
  assert.deepEqual(services(group?.alerts), ['a', 'b', 'c']);
  assert.ok(group?.alerts.every(({ status, endsAt }) => status === 'firing' && endsAt === null));
  const known = await pair.alertmanager.alerts();
  assert.deepEqual(
    new Set(group?.alerts.map(({ fingerprint }) => fingerprint)),
    new Set(known.map(({ fingerprint }) => fingerprint)),
  );
});

test('a group that still fires is sent again with the same fingerprints', async () => {
  await using pair = await openPair();
  await pair.alertmanager.post(DOWN);
  const messages = await waitFor(
    'the group twice',
    () => pair.control.messages.filter(({ alerts }) => alerts.length === 3),
    (seen) => seen.length >= 2,
  );
  const [first, second] = messages.map(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint));
  assert.deepEqual(first, second);
});

test('in a group where one alert resolved, each has its own status; then all are resolved', async () => {
  await using pair = await openPair();
  await pair.alertmanager.post(DOWN);
  await waitFor(
    'the group',
    () => pair.control.messages.length,
    (count) => count > 0,
  );

  await pair.alertmanager.post([
    { ...DOWN[1], labels: DOWN[1]?.labels ?? {}, endsAt: new Date().toISOString() },
  ]);
  const mixed = await waitFor(
    'a mixed group',
    () => pair.control.messages.find(({ alerts }) => new Set(alerts.map(({ status }) => status)).size === 2),
    (seen) => seen !== undefined,
  );
  const resolved = mixed?.alerts.filter(({ status }) => status === 'resolved') ?? [];
  assert.deepEqual(services(resolved), ['b']);
  assert.ok(resolved.every(({ startsAt, endsAt }) => endsAt !== null && endsAt >= startsAt));

  const endsAt = new Date().toISOString();
  await pair.alertmanager.post(DOWN.map((alert) => ({ ...alert, endsAt })));
  await waitFor(
    'the last resolved message',
    () => pair.control.messages.at(-1)?.alerts ?? [],
    (alerts) => alerts.length > 0 && alerts.every(({ status }) => status === 'resolved'),
  );
});

test('what max_alerts left out is counted', async () => {
  await using pair = await openPair({ maxAlerts: 1 });
  await pair.alertmanager.post(DOWN);
  const message = await waitFor(
    'a truncated message',
    () => pair.control.messages.find(({ truncated }) => truncated === 2),
    (seen) => seen !== undefined,
  );
  assert.deepEqual(services(message?.alerts), ['a']);
});

test('503 is tried again until the message is taken', async () => {
  await using pair = await openPair();
  pair.control.failure = new JournalError('JOURNAL_WRITE', 'disk full');
  await pair.alertmanager.post(DOWN);
  await waitFor(
    'two refusals',
    () => pair.refused.length,
    (count) => count >= 2,
  );
  assert.deepEqual(pair.control.messages, []);
  pair.control.failure = null;
  const messages = await waitFor(
    'the message',
    () => pair.control.messages,
    (seen) => seen.length > 0,
  );
  assert.deepEqual(services(messages[0]?.alerts), ['a', 'b', 'c']);
});

test('a poisoned alert keeps none of its group unheard, and Alertmanager counts the failure', async () => {
  await using pair = await openPair({ labelsPerAlert: 3 });
  const labels = { alertname: 'ServiceDown', service: 'poison', x: '1', y: '2' };
  await pair.alertmanager.post([...DOWN, { labels }]);
  const messages = await waitFor(
    'the others',
    () => pair.control.messages,
    (seen) => seen.length > 0,
  );
  assert.deepEqual(services(messages[0]?.alerts), ['a', 'b', 'c']);
  assert.deepEqual(pair.refused[0], { code: 'invalid', count: 1 });
  await waitFor(
    'the failure in Alertmanager’s metrics',
    async (signal) => (await fetch(`${pair.alertmanager.url}/metrics`, { signal })).text(),
    (text) => /^alertmanager_notifications_failed_total\{integration="webhook"[^}]*\} [1-9]/m.test(text),
  );
});

test('a wrong token lets nothing in', async () => {
  await using pair = await openPair({ token: 'wrong' });
  await pair.alertmanager.post(DOWN);
  await waitFor(
    'the refusal',
    () => pair.refused.length,
    (count) => count > 0,
  );
  assert.equal(pair.refused[0]?.code, 'unauthorized');
  assert.deepEqual(pair.control.messages, []);
});
