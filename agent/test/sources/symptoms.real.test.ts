// The symptom sources against a real Prometheus and a real Alertmanager.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Alertmanager, startAlertmanager, webhookConfiguration } from '../../../e2e/lab/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../../../e2e/lab/prometheus.ts';
import { waitFor } from '../../../e2e/lab/waitFor.ts';
import type { AlertView } from '../../src/core/incident.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { AlertmanagerReader } from '../../src/sources/alertmanagerReader.ts';
import { AlertmanagerSymptom } from '../../src/sources/alertmanagerSymptom.ts';
import { PrometheusSymptom } from '../../src/sources/prometheusSymptom.ts';
import { type ScriptedServer, startScripted } from '../fakes/scriptedServer.ts';

const soon = () => AbortSignal.timeout(5_000);
const patience = { deadlineMs: 20_000 };

function view(labels: Record<string, string>): AlertView {
  // What a symptom source looks at is the labels alone.
  return { labels } as unknown as AlertView;
}

describe('Prometheus is asked for the symptom', () => {
  let metrics = '';
  let exporter: ScriptedServer;
  let prometheus: Prometheus;
  let source: PrometheusSymptom;
  before(async () => {
    exporter = await startScripted((_request, response) => {
      if (metrics === '') response.writeHead(503).end();
      else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics);
    });
    prometheus = await startPrometheus({
      targets: [{ job: 'web', address: new URL(exporter.url).host }],
      externalLabels: { cluster: 'lab' },
      rules: JSON.stringify({
        groups: [
          {
            name: 'lab',
            rules: [
              { alert: 'Down', expr: 'up == 0', labels: { severity: 'critical', seen: '{{ $value }}' } },
              { alert: 'Errors', expr: 'sum by (service) (errors) > 5', labels: { severity: 'warning' } },
              { alert: 'Errors', expr: 'sum by (service) (errors) > 50', labels: { severity: 'critical' } },
              { alert: 'Missing', expr: 'absent(orders{job="web"})' },
            ],
          },
        ],
      }),
    });
    source = new PrometheusSymptom(new ServiceClient(prometheus.url, null), { now: () => Date.now() });
  });
  after(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await exporter?.[Symbol.asyncDispose]();
  });

  async function becomes(wanted: RegExp, labels: Record<string, string>): Promise<void> {
    const ask = () => source.ask('f1', view(labels), soon());
    await waitFor(
      String(wanted),
      ask,
      ({ verdict, reason }) => wanted.test(`${verdict}: ${reason}`),
      patience,
    );
  }

  test('a target that is down, up, and down again', async () => {
    const instance = new URL(exporter.url).host;
    const down = { alertname: 'Down', job: 'web', instance, severity: 'critical', seen: '0', cluster: 'lab' };
    metrics = '';
    await becomes(/^present: Down still holds \(0\)/, down);
    metrics = 'orders 1\n';
    await becomes(/^gone: .*up\{job="web",instance=.*\} is 1/, down);
    metrics = '';
    await becomes(/^present/, down);
    assert.equal((await source.ask('f1', view({ ...down, severity: 'info' }), soon())).verdict, 'unknown');
  });

  test('an aggregated rule: present, gone, and unknown when its series have vanished', async () => {
    const errors = { alertname: 'Errors', service: 'web', severity: 'warning', cluster: 'lab' };
    metrics = 'errors{service="web",pod="a"} 9\nerrors{service="web",pod="b"} 9\n';
    await becomes(/^present: Errors still holds \(18\)/, errors);
    await becomes(/^gone/, { ...errors, severity: 'critical' });
    metrics = 'errors{service="web",pod="a"} 1\nerrors{service="api",pod="b"} 70\n';
    await becomes(/^gone: .*errors is there/, errors);
    await becomes(/^present/, { ...errors, service: 'api', severity: 'critical' });
    metrics = 'orders 1\n';
    await becomes(/^unknown: .*no proof/, errors);
  });

  test('a rule about a missing series is over when the series is there', async () => {
    const missing = { alertname: 'Missing', job: 'web', cluster: 'lab' };
    metrics = 'other 1\n';
    await becomes(/^present/, missing);
    metrics = 'orders 1\n';
    await becomes(/^gone: .*missing is there/, missing);
  });
});

describe('Alertmanager is asked for its alerts', () => {
  const labels = { alertname: 'Down "quoted"', service: 'web' };
  let alertmanager: Alertmanager;
  let client: ServiceClient;
  before(async () => {
    // Nobody listens there; what is routed to it is what counts.
    alertmanager = await startAlertmanager(webhookConfiguration('http://127.0.0.1:1/'));
    client = new ServiceClient(alertmanager.url, null);
  });
  after(() => alertmanager?.[Symbol.asyncDispose]());

  async function fingerprint(): Promise<string> {
    await alertmanager.post([{ labels }]);
    const all = await waitFor(
      'the alert',
      () => alertmanager.alerts(),
      (seen) => seen.length > 0,
    );
    return all[0]?.fingerprint ?? '';
  }

  test('an alert fires, is silenced, and is resolved', async () => {
    const id = await fingerprint();
    const source = new AlertmanagerSymptom(client, 0);
    const ask = async () => {
      const { verdict, reason } = await source.ask(id, view(labels), soon());
      return `${verdict}: ${reason}`;
    };
    const reader = new AlertmanagerReader(client);
    const read = async () => (await reader.activeAlerts('webhook', soon())).map((alert) => alert.fingerprint);
    await waitFor('it to be read', read, (ids) => ids.includes(id), patience);
    assert.equal(await ask(), 'present: it fires');
    assert.deepEqual(await reader.activeAlerts('web.ook', soon()), []);

    await silence(alertmanager.url);
    await waitFor(
      'the silence',
      ask,
      (said) => said === 'present: it fires (silenced or inhibited)',
      patience,
    );
    assert.deepEqual(await read(), []);

    await alertmanager.post([{ labels, endsAt: new Date().toISOString() }]);
    await waitFor('the end', ask, (said) => said === 'gone: it is resolved', patience);
  });

  test('a missing alert says nothing so soon after the start', async () => {
    const { verdict } = await new AlertmanagerSymptom(client).ask('f1', view(labels), soon());
    assert.equal(verdict, 'unknown');
  });
});

async function silence(url: string): Promise<void> {
  const client = new ServiceClient(url, null);
  const [startsAt, endsAt] = [new Date(), new Date(Date.now() + 3_600_000)].map((at) => at.toISOString());
  const matchers = [{ name: 'service', value: 'web', isRegex: false, isEqual: true }];
  await client.postJson(
    '/api/v2/silences',
    { matchers, startsAt, endsAt, createdBy: 'test', comment: 'test' },
    {},
    soon(),
  );
}
