import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMessage, anAlert, recorded } from './messages.ts';
import { openServer } from './openServer.ts';

test('a recorded firing message is heard as it is', async () => {
  await using server = await openServer();
  const answer = await server.post(recorded('01-ServiceDown-firing'));
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { taken: 1 });
  const [message] = server.control.messages;
  assert.deepEqual(structuredClone(message), {
    receiver: 'agent',
    truncated: 0,
    alerts: [
      {
        status: 'firing',
        fingerprint: '7249980e3b936869',
        labels: {
          alertname: 'ServiceDown',
          instance: 'market-predictor:8000',
          job: 'market-predictor',
          service: 'market-predictor',
          severity: 'critical',
        },
        annotations: { summary: 'market-predictor is down' },
        startsAt: Date.UTC(2026, 10, 23, 19, 9, 41, 105),
        endsAt: null,
        generatorUrl: 'http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
      },
    ],
  });
});

test('a recorded resolved message carries the end of each alert', async () => {
  await using server = await openServer();
  await server.post(recorded('03-ServiceDown-resolved'));
  const [alert] = server.control.messages[0]?.alerts ?? [];
  assert.equal(alert?.status, 'resolved');
  assert.ok(alert.endsAt !== null && alert.endsAt > alert.startsAt);
});

test('in a mixed group each alert keeps its own status', async () => {
  await using server = await openServer();
  await server.post(recorded('04-HighErrorRate-firing'));
  const statuses = server.control.messages[0]?.alerts.map(({ status }) => status) ?? [];
  assert.deepEqual(new Set(statuses), new Set(['firing', 'resolved']));
});

test('every recorded message is taken whole', async () => {
  await using server = await openServer();
  for (const name of ['02-HighErrorRate-firing', '05-HighErrorRate-firing']) {
    const offered: unknown[] = JSON.parse(recorded(name)).alerts;
    const answer = await server.post(recorded(name));
    assert.deepEqual(answer.json(), { taken: offered.length });
  }
});

test('what Alertmanager left out of a message is counted', async () => {
  await using server = await openServer();
  await server.post(aMessage([anAlert()], { truncatedAlerts: 7 }));
  assert.equal(server.control.messages[0]?.truncated, 7);
});

test('fields of newer versions are accepted', async () => {
  await using server = await openServer();
  const alert = anAlert({ notification_reason: 'first', routeLabels: { a: 1 } });
  const answer = await server.post(
    aMessage([alert], { notification_reason: 'first', extra: [1, { x: null }] }),
  );
  assert.equal(answer.statusCode, 200);
});

test('a message with no alerts is taken', async () => {
  await using server = await openServer();
  assert.equal((await server.post(aMessage([]))).statusCode, 200);
});

test('times with an offset, with no fraction, or left open are understood', async () => {
  await using server = await openServer();
  await server.post(
    aMessage([
      anAlert({ startsAt: '2026-11-23T21:09:41+02:00' }),
      anAlert({ startsAt: '0001-01-01T00:00:00Z', status: 'resolved' }),
      anAlert({ endsAt: undefined }),
      anAlert({ endsAt: '2099-01-01T00:00:00Z' }),
    ]),
  );
  const now = Date.UTC(2026, 0, 1);
  const times = server.control.messages[0]?.alerts.map(({ startsAt, endsAt }) => [startsAt, endsAt]);
  assert.deepEqual(times, [
    [Date.UTC(2026, 10, 23, 19, 9, 41), null],
    [now, now],
    [Date.UTC(2026, 10, 23, 19, 9, 41, 105), null],
    [Date.UTC(2026, 10, 23, 19, 9, 41, 105), null],
  ]);
});
