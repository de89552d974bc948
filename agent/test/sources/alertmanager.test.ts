import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AlertView } from '../../src/core/incident.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { AlertmanagerReader } from '../../src/sources/alertmanagerReader.ts';
import { AlertmanagerSymptom } from '../../src/sources/alertmanagerSymptom.ts';
import { BAD_DAYS, sendJson, startScripted } from '../fakes/scriptedServer.ts';

const HELD = {
  fingerprint: 'f1',
  labels: { alertname: 'Down', service: 'web' },
  annotations: { summary: 'down' },
  startsAt: '2026-11-24T06:00:00.123456789Z',
  endsAt: '2026-11-24T06:05:00Z',
  updatedAt: '2026-11-24T06:00:00Z',
  generatorURL: 'http://prometheus/graph',
  receivers: [{ name: 'mpa' }],
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
};

// What a symptom source looks at is the labels alone.
const VIEW = { labels: HELD.labels } as unknown as AlertView;

async function ask(alerts: unknown, runningMs: number): Promise<string> {
  await using server = await startScripted(({ url }, response) =>
    sendJson(
      response,
      url.pathname === '/api/v2/alerts' ? alerts : { uptime: new Date(Date.now() - runningMs).toISOString() },
    ),
  );
  const source = new AlertmanagerSymptom(new ServiceClient(server.url, null));
  const { verdict, reason } = await source.ask('f1', VIEW, AbortSignal.timeout(5_000));
  return `${verdict}: ${reason}`;
}

describe('the symptom by Alertmanager', () => {
  test('an alert that it lists is present, a silenced one too', async () => {
    assert.equal(await ask([HELD], 1e9), 'present: it fires');
    const silenced = { ...HELD, status: { state: 'suppressed' } };
    assert.equal(await ask([silenced], 1e9), 'present: it fires (silenced or inhibited)');
  });

  test('an alert that it does not list is gone, once it has run long enough to have heard of it again', async () => {
    assert.equal(await ask([{ ...HELD, fingerprint: 'f2' }], 200_000), 'gone: it is resolved');
    assert.match(await ask([], 60_000), /^unknown: it was started too recently/);
  });

  for (const [name, { do: misbehave, words }] of Object.entries(BAD_DAYS)) {
    test(`unknown when it ${name}`, async () => {
      await using server = await startScripted((_request, response) => misbehave(response));
      const deadline = AbortSignal.timeout(name.includes('never') || name.includes('stops') ? 100 : 5_000);
      const result = await new AlertmanagerSymptom(new ServiceClient(server.url, null)).ask(
        'f1',
        VIEW,
        deadline,
      );
      assert.equal(result.verdict, 'unknown');
      assert.match(result.reason, words);
    });
  }
});

describe('reading back what a message left out', () => {
  test('asks for what fires for the receiver, whatever its name, and nothing that is muted', async () => {
    await using server = await startScripted((_request, response) => sendJson(response, [HELD]));
    const reader = new AlertmanagerReader(new ServiceClient(server.url, null));
    const alerts = await reader.activeAlerts('team.x|mpa', AbortSignal.timeout(5_000));
    const asked = server.requests[0]?.url.searchParams;
    assert.match('team.x|mpa', new RegExp(`^(?:${asked?.get('receiver')})$`));
    assert.doesNotMatch('mpa', new RegExp(`^(?:${asked?.get('receiver')})$`));
    assert.equal(asked?.get('silenced'), 'false');
    assert.deepEqual(
      alerts.map(({ labels, annotations, ...rest }) => ({
        ...rest,
        labels: { ...labels },
        annotations: { ...annotations },
      })),
      [
        {
          fingerprint: 'f1',
          status: 'firing',
          labels: HELD.labels,
          annotations: HELD.annotations,
          startsAt: Date.parse('2026-11-24T06:00:00.123Z'),
          endsAt: null,
          generatorUrl: HELD.generatorURL,
        },
      ],
    );
  });

  test('a label that is not there is missing, whatever it is called', async () => {
    const body = JSON.stringify([HELD]).replace('"service":"web"', '"__proto__":"web"');
    await using server = await startScripted((_request, response) => response.end(body));
    const reader = new AlertmanagerReader(new ServiceClient(server.url, null));
    const [alert] = await reader.activeAlerts('mpa', AbortSignal.timeout(5_000));
    assert.equal(alert?.labels['constructor'], undefined);
    assert.deepEqual(Object.entries(alert?.labels ?? {}).at(-1), ['__proto__', 'web']);
  });

  test('rejects when Alertmanager cannot be asked, or answers something else', async () => {
    await using server = await startScripted((_request, response) =>
      sendJson(response, [{ fingerprint: 'f1' }]),
    );
    const reader = new AlertmanagerReader(new ServiceClient(server.url, null));
    await assert.rejects(reader.activeAlerts('mpa', AbortSignal.timeout(5_000)), /not what was expected/);
  });
});
