// The shipped configuration in a running Alertmanager, with receivers of the test at the ends of its routes.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Alertmanager, startAlertmanager } from '../../e2e/lab/alertmanager.ts';
import { startPrometheus } from '../../e2e/lab/prometheus.ts';
import { type Receiver, startReceiver } from '../../e2e/lab/receiver.ts';
import { waitFor } from '../../e2e/lab/waitFor.ts';
import { metricsOf } from './promql.ts';
import { monitoringFolder, readRules } from './ruleFiles.ts';

const TOKEN = 'the-token-of-the-webhook';
const AGENT_PATH = '/webhooks/alertmanager';
const URL_SECRETS = [
  'agent_self_monitoring_url',
  'people_now_url',
  'people_by_day_url',
  'dead_mans_switch_url',
] as const;

const cleanup = new AsyncDisposableStack();
let receiver: Receiver;
let alertmanager: Alertmanager;

before(async () => {
  receiver = cleanup.use(await startReceiver());
  const secrets = await mkdtemp(join(tmpdir(), 'mpa-secrets-'));
  cleanup.defer(() => rm(secrets, { recursive: true, force: true }));
  await writeFile(join(secrets, 'mpa_webhook_token'), TOKEN);
  for (const name of URL_SECRETS) await writeFile(join(secrets, name), `${receiver.url}/${name}`);
  const shipped = await readFile(join(monitoringFolder, 'alertmanager/alertmanager.yml'), 'utf8');
  const here = shipped
    .replaceAll('/run/secrets/', `${secrets}/`)
    .replace('http://market-programmer-agent:8787', receiver.url);
  alertmanager = cleanup.use(await startAlertmanager(here));
});

after(() => cleanup.disposeAsync());

/** The messages that came to one path so far, as texts. */
function heardAt(path: string): readonly string[] {
  return receiver.requests.filter((request) => request.path === path).map(({ body }) => body);
}

function heard(path: string, alert: string): Promise<readonly string[]> {
  const isThere = (bodies: readonly string[]) =>
    bodies.some((body) => body.includes(`"alertname":"${alert}"`));
  return waitFor(`${alert} at ${path}`, () => heardAt(path), isThere, { deadlineMs: 40_000 });
}

async function stateOf(alert: string, service: string): Promise<string | undefined> {
  const all = await alertmanager.alerts();
  return all.find(({ labels }) => labels['alertname'] === alert && labels['service'] === service)?.status
    .state;
}

describe('Alertmanager with the shipped configuration', () => {
  it('tells the agent of the predictor at once, with the token of the secret file', async () => {
    const labels = { service: 'market-predictor', severity: 'critical', recovery: 'agent', instance: 'i' };
    await alertmanager.post([{ labels: { alertname: 'MarketPredictorDown', ...labels } }]);
    await heard(AGENT_PATH, 'MarketPredictorDown');
    const [first] = receiver.requests;
    assert.equal(first?.headers['authorization'], `Bearer ${TOKEN}`);
  });

  it('says of a service that is down not that it is slow too, and of another that it is', async () => {
    const labels = {
      alertname: 'MarketPredictorLatencyHigh',
      severity: 'critical',
      recovery: 'agent',
      instance: 'i',
    };
    await alertmanager.post([
      { labels: { ...labels, service: 'market-predictor' } },
      { labels: { ...labels, service: 'another' } },
      { labels: { alertname: 'MarketPredictorLatencyHigh', severity: 'critical' } },
    ]);
    const suppressed = (state: string | undefined) => state === 'suppressed';
    const look = () => stateOf('MarketPredictorLatencyHigh', 'market-predictor');
    await waitFor('the inhibition', look, suppressed, { deadlineMs: 20_000 });
    // The next message on the predictor holds all that is not inhibited.
    const other = { service: 'market-predictor', severity: 'critical', recovery: 'agent', instance: 'i' };
    await alertmanager.post([{ labels: { alertname: 'ContainerRestartLoop', ...other } }]);
    const messages = await heard(AGENT_PATH, 'ContainerRestartLoop');
    await heard(AGENT_PATH, 'MarketPredictorLatencyHigh');
    const inhibited = /"alertname":"MarketPredictorLatencyHigh"[^}]*"service":"market-predictor"/;
    assert.deepEqual(
      messages.filter((body) => inhibited.test(body)),
      [],
    );
    const passed = /"alertname":"MarketPredictorLatencyHigh"[^}]*"service":"another"/;
    assert.ok(heardAt(AGENT_PATH).some((body) => passed.test(body)));
  });

  it('gives an escalation to people at once, and the dead man’s switch its own way', async () => {
    await alertmanager.post([
      { labels: { alertname: 'MarketProgrammerAgentEscalation', severity: 'critical', incident: '1' } },
      { labels: { alertname: 'Watchdog', severity: 'none', service: 'monitoring' } },
    ]);
    await heard('/people_now_url', 'MarketProgrammerAgentEscalation');
    await heard('/dead_mans_switch_url', 'Watchdog');
  });

  it('tells a receiver outside of the agent that the agent is down, and the agent nothing of it', async () => {
    const job = 'market-programmer-agent';
    const labels = { alertname: 'MarketProgrammerAgentDown', severity: 'critical', service: job, job };
    await alertmanager.post([{ labels }]);
    await heard('/agent_self_monitoring_url', 'MarketProgrammerAgentDown');
    assert.deepEqual(
      heardAt(AGENT_PATH).filter((body) => body.includes('MarketProgrammerAgent')),
      [],
    );
  });

  it('and Prometheus expose the metrics that the rules on them read', async () => {
    const ruleFiles = globSync(join(monitoringFolder, 'prometheus/rules/*.yml'));
    const options = { targets: [], ruleFiles, alertmanagerUrl: alertmanager.url };
    const prometheus = cleanup.use(await startPrometheus(options));
    const names = new Set(readRules().alerts.flatMap(({ expr }) => metricsOf(expr)));
    const wanted = [...names].filter((name) => /^(prometheus|alertmanager)_/.test(name));
    assert.ok(wanted.length >= 5);
    const missing = async () => {
      const pages = await Promise.all([prometheus, alertmanager].map(({ url }) => fetch(`${url}/metrics`)));
      const texts = (await Promise.all(pages.map((page) => page.text()))).join('\n');
      return wanted.filter((name) => !texts.includes(`\n# TYPE ${name} `));
    };
    const none = (names: readonly string[]) => names.length === 0;
    assert.deepEqual(await waitFor('no metric to be missing', missing, none, { deadlineMs: 30_000 }), []);
  });
});
