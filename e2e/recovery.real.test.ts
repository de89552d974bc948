// The main job, whole, on real parts: Prometheus sees a container fail, Alertmanager posts the alert, the agent
// repairs it through the Docker API, proves it, and has it all on record.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { EvidenceItem } from '../agent/src/core/evidence.ts';
import { AgentProcess } from './agentProcess.ts';
import { type Alertmanager, startAlertmanager } from './lab/alertmanager.ts';
import { ContainerLab } from './lab/container.ts';
import { type Engine, openEngine } from './lab/engine.ts';
import { freePort } from './lab/freePort.ts';
import { type Prometheus, startPrometheus } from './lab/prometheus.ts';
import { type Receiver, startReceiver } from './lab/receiver.ts';
import type { RunningService } from './lab/runningService.ts';
import { waitFor } from './lab/waitFor.ts';

const RULES = `
groups:
  - name: services
    rules:
      - alert: ServiceDown
        expr: up == 0
        labels: { severity: critical }
      - alert: HighErrorRate
        expr: sum by (service) (increase(http_requests_total{code="500"}[5s])) > 0
        labels: { severity: warning }
`;
const SERVICES = ['killed', 'frozen', 'failing', 'market-programmer-agent'] as const;

/** Routing like the one that ships: first what is about the agent, then what people are called for, then the rest. */
function routing(agentUrl: string, peopleUrl: string): object {
  const quick = {
    group_by: ['alertname', 'service'],
    group_wait: '100ms',
    group_interval: '1s',
    repeat_interval: '1h',
  };
  return {
    route: {
      receiver: 'agent',
      ...quick,
      routes: [
        {
          receiver: 'agent-self-monitoring',
          matchers: ['service="market-programmer-agent"'],
          continue: false,
        },
        { receiver: 'people', matchers: ['alertname="MarketProgrammerAgentEscalation"'], continue: false },
      ],
    },
    receivers: [
      { name: 'agent', webhook_configs: [{ url: `${agentUrl}/webhooks/alertmanager`, send_resolved: true }] },
      { name: 'agent-self-monitoring', webhook_configs: [{ url: `${peopleUrl}/self` }] },
      { name: 'people', webhook_configs: [{ url: `${peopleUrl}/people` }] },
    ],
  };
}

describe('from a real alert to a verified recovery', () => {
  const opened = new AsyncDisposableStack();
  const services = new Map<string, RunningService>();
  let engine: Engine;
  let alertmanager: Alertmanager;
  let prometheus: Prometheus;
  let people: Receiver;
  let agent: AgentProcess;

  before(async () => {
    engine = opened.use(await openEngine());
    const lab = opened.use(await ContainerLab.open(engine));
    people = opened.use(await startReceiver());
    const port = await freePort();
    alertmanager = opened.use(await startAlertmanager(routing(`http://127.0.0.1:${port}`, people.url)));
    for (const name of SERVICES) services.set(name, await lab.runService({ name }));
    prometheus = opened.use(
      await startPrometheus({
        targets: SERVICES.map((name) => ({
          job: 'lab',
          address: serviceNamed(name).address,
          labels: { service: name },
        })),
        rules: RULES,
        alertmanagerUrl: alertmanager.url,
      }),
    );
    agent = opened.use(
      await AgentProcess.start(port, await configuration(), {
        ...process.env,
        DOCKER_HOST: engine.dockerHost,
      }),
    );
    await Promise.all([...services.values()].map((service) => service.whenAnswering()));
    const up = async () => (await prometheus.query('up == 1')).length;
    await waitFor('Prometheus to see all services', up, (seen) => seen === SERVICES.length, {
      deadlineMs: 30_000,
    });
  });
  after(() => opened.disposeAsync());

  function serviceNamed(name: string): RunningService {
    const service = services.get(name);
    assert.ok(service !== undefined);
    return service;
  }

  async function configuration(): Promise<object> {
    const targets: Record<string, object> = {};
    for (const name of SERVICES.filter((service) => service !== 'market-programmer-agent')) {
      const { url } = serviceNamed(name);
      const { Name } = await serviceNamed(name).inspect();
      targets[name] = {
        container: Name.slice(1),
        probes: [{ type: 'http', name: 'health', url: `${url}/health`, timeout: '1s' }],
      };
    }
    return {
      docker: { host: engine.dockerHost },
      discovery: { by: [] },
      prometheus: { url: prometheus.url },
      alertmanager: { url: alertmanager.url },
      notifiers: { escalations: { type: 'alertmanager', url: alertmanager.url } },
      verification: { soak: '2s', timeout: '30s' },
      guards: { grace: { after_start: '0s' }, blast_radius: { fraction: 1 }, panic: { minimum: 10 } },
      targets,
      strategies: [
        {
          name: 'restart-it',
          matchers: ['alertname=~"ServiceDown|HighErrorRate"'],
          steps: [
            { action: 'check_logs' },
            { action: 'restart', stop_timeout: '1s' },
            { action: 'check_health' },
          ],
        },
      ],
    };
  }

  /** The run before, and what the journal and Alertmanager say when it is over. */
  async function isRecovered(name: string): Promise<void> {
    const { outcome, id } = await agent.whenIncident(
      name,
      ({ phase }) => phase === 'ended' || phase === 'escalated',
      90_000,
    );
    const entries = await agent.journal(id);
    const told = entries.map(({ body }) => body.type);
    assert.equal(outcome, 'recovered', JSON.stringify(entries.slice(-6), null, 1));
    for (const type of [
      'signal-heard',
      'evidence-gathered',
      'mutation-started',
      'action-ended',
      'verification-ended',
      'incident-ended',
    ]) {
      assert.ok(told.includes(type), `${type} is in the journal`);
    }
    assert.ok(told.indexOf('evidence-gathered') < told.indexOf('mutation-started'));
    await serviceNamed(name).whenAnswering();
    const firing = async () =>
      (await alertmanager.alerts()).filter(({ labels }) => labels['service'] === name);
    await waitFor(`the alerts of ${name} to be resolved`, firing, (alerts) => alerts.length === 0, {
      deadlineMs: 60_000,
    });
  }

  test('a container that is killed is started again, proved well, and its alert resolves', async () => {
    const before = await serviceNamed('killed').inspect();
    await serviceNamed('killed').container.kill();
    await isRecovered('killed');
    const { State } = await serviceNamed('killed').inspect();
    assert.notEqual(State.StartedAt, before.State.StartedAt);
  });

  test('what lay behind the failure is kept: what the engine did, what was measured, and the time before', async () => {
    const kept = async () => {
      const { id } = await agent.whenIncident('killed', () => true, 1_000);
      return (await agent.journal(id)).flatMap(({ body }) =>
        // As the agent itself writes it.
        body.type === 'evidence-gathered' ? (body['items'] as readonly EvidenceItem[]) : [],
      );
    };
    const kinds = (items: readonly EvidenceItem[]) => new Set(items.map(({ kind }) => kind));
    const items = await waitFor('the late evidence', kept, (seen) => kinds(seen).has('metrics'), {
      deadlineMs: 10_000,
    });
    const textOf = (kind: EvidenceItem['kind']) => items.find((item) => item.kind === kind)?.text ?? '';
    assert.match(textOf('events'), /Z kill \(signal 9\)\n\S+Z die \(exit code 137\)/);
    assert.match(
      textOf('metrics'),
      /^scraped .*\n {2}up\{.*service="killed".*\} now [01], .*lowest [01], highest 1/,
    );
    assert.doesNotMatch(textOf('metrics'), /service="frozen"/);
    assert.ok(items.every(({ kind, side }) => kind !== 'logs' || side === 'before'));
    const ids = items.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, ids.join());
  });

  test('a container that is frozen is restarted', async () => {
    await serviceNamed('frozen').container.kill({ signal: 'SIGSTOP' });
    await isRecovered('frozen');
  });

  test('a container that answers 500 is restarted', async () => {
    await serviceNamed('failing').setFault('errors');
    await isRecovered('failing');
  });

  test('an alert about the agent, sent to the agent on purpose, touches nothing, and the refusal is on record', async () => {
    const before = await serviceNamed('market-programmer-agent').inspect();
    const { Name } = before;
    for (const labels of [
      { alertname: 'ServiceDown', service: 'market-programmer-agent' },
      { alertname: 'MarketProgrammerAgentDown', container: Name.slice(1) },
    ]) {
      const body = {
        version: '4',
        groupKey: '{}',
        truncatedAlerts: 0,
        status: 'firing',
        receiver: 'agent',
        groupLabels: {},
        commonLabels: {},
        commonAnnotations: {},
        externalURL: '',
        alerts: [
          {
            status: 'firing',
            labels,
            annotations: {},
            startsAt: new Date().toISOString(),
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: '',
            fingerprint: `self-${labels.alertname}`,
          },
        ],
      };
      const response = await fetch(`${agent.url}/webhooks/alertmanager`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200);
    }
    const refused = () => agent.metric(/^mpa_protective_actions_total\{.*layer="intake"/);
    await waitFor('the refusal to be counted', refused, (count) => count >= 1);
    const incident = await agent.whenIncident(null, ({ escalated }) => escalated);
    assert.ok((await agent.journal(incident.id)).some(({ body }) => body.type === 'protective-action'));
    const called = () => people.requests.filter(({ path }) => path === '/people').length;
    await waitFor(
      'a person to be called',
      async () => called(),
      (count) => count >= 1,
      { deadlineMs: 20_000 },
    );
    assert.equal(
      (await serviceNamed('market-programmer-agent').inspect()).State.StartedAt,
      before.State.StartedAt,
    );
  });
});
