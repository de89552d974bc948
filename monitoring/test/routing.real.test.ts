// Every alert that the rules can produce, with whatever its unknown labels may be, through Alertmanager's own router.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEFAULT_LABEL_MAPPINGS } from '../../agent/src/core/settings.ts';
import { receiversOf } from './amtool.ts';
import { copiedFrom, labelsOfAlert, valuesOf } from './possibleLabels.ts';
import { type AlertRule, monitoringFolder, readRules } from './ruleFiles.ts';

const CONFIG = join(monitoringFolder, 'alertmanager/alertmanager.yml');
const AGENT = 'market-programmer-agent';
const ESCALATION = 'MarketProgrammerAgentEscalation';
const PEOPLE = ['people-now', 'people-by-day'];
const STANDS_ON = [
  'prometheus',
  'alertmanager',
  'socket-proxy',
  'grafana',
  'loki',
  'alloy',
  'cadvisor',
  'node-exporter',
];
/** What a label that nothing is known of may hold: nothing, the agent, its container, what it stands on, its target. */
const UNKNOWN = ['', AGENT, `mpa-${AGENT}-1`, 'prometheus', 'market-predictor'];
const AT_ONCE = 4;

type Labels = Readonly<Record<string, string>>;

/**
 * The label sets that a rule's alerts can have, in what routing looks at. Unknown labels take every value one at a
 * time: each route looks at one of them.
 */
function possibleAlerts(rule: AlertRule): readonly Labels[] {
  const possible = labelsOfAlert(rule);
  const names = [...new Set([...DEFAULT_LABEL_MAPPINGS, 'severity', 'recovery', 'alertname'])];
  const values = new Map(
    names.map((name) => {
      const value = valuesOf(possible, name);
      const unknown = name === copiedFrom(rule, 'service') ? [...UNKNOWN, ...STANDS_ON] : UNKNOWN;
      return [name, value === 'anything' ? unknown : [...value]] as const;
    }),
  );
  const first = Object.fromEntries([...values].map(([name, [value = '']]) => [name, value]));
  const found = [...values].flatMap(([name, all]) => all.map((value) => ({ ...first, [name]: value })));
  const consistent = found.map((labels) => ({ ...labels, ...copies(rule, labels, names) }));
  const present = consistent.map((labels) =>
    Object.fromEntries(Object.entries(labels).filter(([, v]) => v !== '')),
  );
  return [...new Map(present.map((labels) => [JSON.stringify(labels), labels])).values()];
}

/** A label that the rule copies from another is what the other is. */
function copies(rule: AlertRule, labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => {
      const source = copiedFrom(rule, name);
      return source === undefined ? [] : [[name, labels[source] ?? '']];
    }),
  );
}

function isAboutTheAgent(labels: Labels): boolean {
  const named = DEFAULT_LABEL_MAPPINGS.some((mapping) => labels[mapping]?.includes(AGENT));
  const { alertname = '' } = labels;
  return named || (alertname.startsWith('MarketProgrammerAgent') && alertname !== ESCALATION);
}

/** What is wrong with where an alert goes; undefined when nothing is. */
function objection(labels: Labels, receivers: readonly string[]): string | undefined {
  const says = (what: string): string => `${JSON.stringify(labels)} reaches ${receivers.join(', ')}: ${what}`;
  const reachesAgent = receivers.includes(AGENT);
  if (isAboutTheAgent(labels)) {
    return receivers.join() === 'agent-self-monitoring' ? undefined : says('it is about the agent');
  }
  if (labels['alertname'] === 'Watchdog') {
    return receivers.join() === 'dead-mans-switch' ? undefined : says('it is the dead man’s switch');
  }
  if (!receivers.some((receiver) => PEOPLE.includes(receiver))) return says('no person is told');
  if (reachesAgent && STANDS_ON.includes(labels['service'] ?? '')) return says('the agent stands on it');
  if (!reachesAgent && labels['service'] === 'market-predictor' && labels['recovery'] === 'agent')
    return says('the agent has a strategy for it');
  return undefined;
}

async function objections(alerts: readonly Labels[]): Promise<readonly string[]> {
  const queue = alerts.values();
  const found: string[] = [];
  const work = async (): Promise<void> => {
    for (const labels of queue) {
      const said = objection(labels, await receiversOf(CONFIG, labels));
      if (said !== undefined) found.push(said);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

describe('an alert of the rules', () => {
  const { alerts } = readRules();
  for (const rule of alerts) {
    it(`${rule.alert} reaches whom it is for, and never the agent when it is about the agent`, async () => {
      const possible = possibleAlerts(rule);
      assert.ok(possible.length > 0);
      assert.deepEqual(await objections(possible), []);
    });
  }
});

describe('an alert that no rule here makes', () => {
  const to = (labels: Labels) => receiversOf(CONFIG, labels);

  it('is the agent’s own escalation: to people alone', async () => {
    const labels = {
      alertname: ESCALATION,
      severity: 'critical',
      escalated_target: 'market-predictor',
      incident: 'i',
    };
    assert.deepEqual(await to(labels), ['people-now']);
    assert.deepEqual(await to({ ...labels, escalated_target: AGENT }), ['people-now']);
  });

  it('names the agent by any label that the agent finds targets by', async () => {
    for (const mapping of DEFAULT_LABEL_MAPPINGS) {
      for (const name of [AGENT, `mpa-${AGENT}-1`, `mpa_${AGENT}_1`]) {
        const labels = { alertname: 'Anything', severity: 'critical', recovery: 'agent', [mapping]: name };
        assert.deepEqual(await to(labels), ['agent-self-monitoring'], `${mapping}=${name}`);
      }
    }
  });

  it('speaks of the agent by its name alone', async () => {
    assert.deepEqual(await to({ alertname: 'MarketProgrammerAgentDown' }), ['agent-self-monitoring']);
    const claimed = {
      alertname: 'MarketProgrammerAgentDown',
      service: 'market-predictor',
      recovery: 'agent',
    };
    assert.deepEqual(await to(claimed), ['agent-self-monitoring']);
  });

  it('has an unknown severity, or none: it reaches people now', async () => {
    assert.deepEqual(await to({ alertname: 'Anything' }), ['people-now']);
    assert.deepEqual(await to({ alertname: 'Anything', service: 'web', severity: 'page' }), ['people-now']);
    assert.deepEqual(await to({ service: 'web', severity: 'page', recovery: 'agent' }), [
      AGENT,
      'people-now',
    ]);
  });
});
