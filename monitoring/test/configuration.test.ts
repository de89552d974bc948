import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ACTIONS } from '../../agent/src/actions/index.ts';
import { type Config, parseConfig } from '../../agent/src/config/load.ts';
import { formatProblem } from '../../agent/src/config/problem.ts';
import { findTarget } from '../../agent/src/core/findTarget.ts';
import { chooseStrategy, renderParameters } from '../../agent/src/core/strategy.ts';
import { labelsOfAlert, valuesOf } from './possibleLabels.ts';
import { type AlertRule, monitoringFolder, readRules } from './ruleFiles.ts';

const SECRETS = ['mpa_webhook_token', 'mpa_operator_token', 'predictor_token', 'people_now_url'] as const;
const PREDICTOR = 'market-predictor';

const folder = mkdtempSync(join(tmpdir(), 'mpa-configuration-'));
after(() => rmSync(folder, { recursive: true }));

/** The shipped configuration, with secrets in a folder of the test. */
function shipped(): { readonly config: Config; readonly warnings: readonly string[] } {
  for (const name of SECRETS) writeFileSync(join(folder, name), `http://localhost/${name}`);
  const file = join(monitoringFolder, 'mpa.yml');
  const text = readFileSync(file, 'utf8').replaceAll('/run/secrets/', `${folder}/`);
  const result = parseConfig(text, { file, environment: {}, actions: ACTIONS });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return { config: result.config, warnings: result.warnings.map(formatProblem) };
}

const { config, warnings } = shipped();
const { settings, edge } = config;

/** An alert as the rule makes it on the predictor; what is not known is some text. */
function labelsFor(rule: AlertRule): Readonly<Record<string, string>> {
  const possible = labelsOfAlert(rule);
  const names = new Set([...possible.named.keys(), 'job', 'service', 'symbol', 'instance']);
  const entries = [...names].map((name): [string, string] => {
    const values = valuesOf(possible, name);
    if (values !== 'anything') return [name, [...values][0] ?? ''];
    return [name, name === 'symbol' ? 'SP500' : PREDICTOR];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function stepsFor(rule: AlertRule): readonly string[] {
  const labels = labelsFor(rule);
  const strategy = chooseStrategy(settings.strategies, { target: PREDICTOR, source: 'alertmanager', labels });
  assert.ok(strategy !== null, `${rule.alert} has no strategy`);
  assert.match(strategy.name, /^predictor-/);
  return strategy.steps.map((step) => {
    const rendered = renderParameters(step.parameters, PREDICTOR, labels);
    assert.ok(rendered.ok, `${rule.alert}: ${rendered.ok ? '' : rendered.error.reason}`);
    const { url } = rendered.parameters;
    return typeof url === 'string' ? `${step.action} ${new URL(url).pathname}` : step.action;
  });
}

const { alerts } = readRules();
const recoverable = alerts.filter(({ labels }) => labels['recovery'] === 'agent');

describe('the configuration of the stack', () => {
  it('is good, without a warning', () => {
    assert.deepEqual(warnings, []);
  });

  it('takes its secrets from files, and the socket from its proxy', () => {
    assert.equal(edge.server.webhookTokens.length, 1);
    assert.equal(edge.server.operatorTokens.length, 1);
    assert.equal(edge.docker?.host, 'tcp://socket-proxy:2375');
    assert.deepEqual(
      edge.notifiers.map(({ type }) => type),
      ['alertmanager', 'webhook'],
    );
  });

  it('protects what the agent stands on, and discovers nothing', () => {
    for (const name of [
      'socket-proxy',
      'prometheus',
      'alertmanager',
      'grafana',
      'loki',
      'alloy',
      'cadvisor',
    ]) {
      assert.ok(settings.protectedNames.includes(name), name);
    }
    assert.deepEqual(edge.discovery.by, []);
  });

  it('proves a recovery for longer than the longest window that an alert needs to be over', () => {
    const [target] = settings.targets;
    assert.equal(target?.name, PREDICTOR);
    assert.ok(target.verification.timeoutMs > 120_000 + 2 * 10_000);
  });
});

describe('an alert that is sent to the agent', () => {
  for (const rule of recoverable) {
    it(`${rule.alert} leads to the predictor, and to a strategy of its own that ends at a person`, () => {
      const match = findTarget(labelsFor(rule), settings.labelMappings, settings.targets);
      assert.equal(match.kind === 'found' ? match.target.name : match.reason, PREDICTOR);
      const steps = stepsFor(rule);
      assert.equal(steps.at(-1), 'escalate_to_human');
      assert.ok(steps.some((step) => /^(restart|http )/.test(step)));
      assert.match(steps[0] ?? '', /^check_/, 'evidence comes first');
    });
  }

  it('is about old data: they are refreshed, and nothing is restarted', () => {
    const stale = recoverable.filter(({ alert }) => alert.endsWith('Stale'));
    assert.equal(stale.length, 2);
    for (const rule of stale) {
      assert.deepEqual(stepsFor(rule), ['check_logs', 'http /v1/repairs/refresh', 'escalate_to_human']);
    }
  });

  it('is about forecasts that are off: a fit, then the last good version', () => {
    const off = recoverable.filter(({ alert }) => /Drift|Quality/.test(alert));
    assert.equal(off.length, 2);
    const mended = ['http /v1/repairs/fit', 'http /v1/repairs/rollback'];
    for (const rule of off) assert.deepEqual(stepsFor(rule), ['check_logs', ...mended, 'escalate_to_human']);
  });
});
