import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { createInstruments } from '../../agent/src/telemetry/instruments.ts';
import { createMetrics } from '../../predictor/src/metrics.ts';
import { CADVISOR_METRICS, NODE_METRICS, SCRAPE_METRICS } from './exporterMetrics.ts';
import { metricsOf } from './promql.ts';
import { monitoringFolder, readRules, repositoryFolder } from './ruleFiles.ts';

const { alerts, recorded } = readRules();
const SEVERITIES = ['critical', 'warning', 'none'];

/** What one can ask for of metrics by name: a histogram has no series of just its own. */
function seriesOf(metrics: readonly { readonly name: string; readonly type: unknown }[]): readonly string[] {
  return metrics.flatMap(({ name, type }) =>
    String(type) === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
  );
}

describe('an alerting rule', () => {
  it('has a name that no other has', () => {
    const names = alerts.map(({ alert }) => alert);
    assert.deepEqual([...new Set(names)], names);
  });

  for (const { alert, labels, annotations } of alerts) {
    it(`${alert} says how bad it is, of which service, and what to do`, () => {
      assert.ok(SEVERITIES.includes(labels['severity'] ?? ''), `severity ${labels['severity']}`);
      assert.match(labels['service'] ?? '', /\S/);
      for (const name of ['summary', 'description']) assert.match(annotations[name] ?? '', /\S/, name);
      assert.equal(annotations['runbook_url'], `docs/runbooks/${alert}.md`);
      assert.ok(existsSync(join(repositoryFolder, annotations['runbook_url'])), 'its page exists');
    });

    it(`${alert} has no label that changes while it fires`, () => {
      // A value in a label is another alert at each evaluation. What comes from the series stays as it is.
      for (const [name, value] of Object.entries(labels)) {
        assert.match(value, /^(?:[^{]+|\{\{ \$labels\.\w+ \}\})$/, name);
      }
    });
  }
});

describe('a metric that a rule reads', () => {
  const agent = seriesOf(createInstruments().registry.getMetricsAsArray());
  const predictor = seriesOf(createMetrics().registry.getMetricsAsArray());
  const known = new Map<string, ReadonlySet<string>>([
    ['market-programmer-agent', new Set([...agent, ...SCRAPE_METRICS])],
    ['market-predictor', new Set([...predictor, ...SCRAPE_METRICS])],
    // Of whatever job: what both services and every Go program say of their process, and the scrape itself.
    ['stack', new Set([...agent.filter((name) => predictor.includes(name)), ...SCRAPE_METRICS])],
    ['containers', new Set(CADVISOR_METRICS)],
    ['host', new Set(NODE_METRICS.keys())],
  ]);
  const ownOfMonitoring = /^(prometheus|alertmanager)_/;

  for (const { file, alert, expr } of alerts) {
    it(`is exposed by what ${alert} is about`, () => {
      const records = new Set(recorded.map(({ name }) => name));
      const unknown = metricsOf(expr).filter(
        (name) => !known.get(file)?.has(name) && !records.has(name) && !ownOfMonitoring.test(name),
      );
      assert.deepEqual(unknown, []);
    });
  }

  it('of the host is asked for by labels that it has', () => {
    for (const { expr } of alerts.filter(({ file }) => file === 'host')) {
      for (const [, name = '', matchers = ''] of expr.matchAll(/(node_\w+)\{([^}]*)\}/g)) {
        const asked = [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label);
        assert.deepEqual(
          asked.filter((label) => !NODE_METRICS.get(name)?.includes(label)),
          [],
          name,
        );
      }
    }
  });

  it('is exposed by what is recorded of it', () => {
    const all = new Set(recorded.flatMap(({ expr }) => metricsOf(expr)));
    assert.deepEqual(
      [...all].filter((name) => !predictor.includes(name)),
      [],
    );
    const read = new Set(alerts.flatMap(({ expr }) => metricsOf(expr)));
    assert.deepEqual(
      recorded.filter(({ name }) => !read.has(name)),
      [],
      'and each is read by a rule',
    );
  });
});

describe('the tests of the rules', () => {
  interface TestFile {
    readonly tests: readonly {
      readonly alert_rule_test: readonly {
        readonly alertname: string;
        readonly exp_alerts: readonly unknown[];
      }[];
    }[];
  }
  const checks = globSync(join(monitoringFolder, 'prometheus/tests/*.test.yml')).flatMap((path) => {
    // The shape is what `promtool test rules` wants, and that is a test of its own.
    const { tests } = parse(readFileSync(path, 'utf8')) as TestFile;
    return tests.flatMap(({ alert_rule_test }) => alert_rule_test);
  });
  const shown = (alert: string, firing: boolean) =>
    checks.some(({ alertname, exp_alerts }) => alertname === alert && exp_alerts.length > 0 === firing);

  for (const { alert } of alerts) {
    it(`show ${alert} firing, and not`, () => {
      assert.ok(shown(alert, true), 'firing');
      if (alert !== 'Watchdog') assert.ok(shown(alert, false), 'not firing');
    });
  }
});
