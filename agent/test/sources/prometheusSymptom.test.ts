import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AlertView } from '../../src/core/incident.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { PrometheusSymptom } from '../../src/sources/prometheusSymptom.ts';
import { BAD_DAYS, startScripted } from '../fakes/scriptedServer.ts';
import { type FakeAnswers, type FakeRule, startFakePrometheus } from './fakePrometheus.ts';

type Case = {
  readonly labels?: Record<string, string>;
  readonly rules?: readonly FakeRule[];
  readonly answers?: FakeAnswers;
};

const WEB = { job: 'web', instance: 'a:1' };
const ERRORS =
  'sum by (service) (rate(errors_total{code=~"5.."}[1m])) / sum by (service) (rate(all_total[1m])) > 0.05';

async function ask({ labels = WEB, rules = [{}], answers = {} }: Case): Promise<string> {
  await using server = await startFakePrometheus(rules, answers);
  const result = await source(server.url).ask('f1', view(labels), AbortSignal.timeout(5_000));
  assert.equal(result.fingerprint, 'f1');
  return `${result.verdict}: ${result.reason}`;
}

function source(url: string): PrometheusSymptom {
  return new PrometheusSymptom(new ServiceClient(url, null), { now: () => Date.now() });
}

function view(labels: Record<string, string>): AlertView {
  // What a symptom source looks at is the labels alone.
  return {
    name: 'Down',
    labels: { alertname: 'Down', ...labels },
    status: 'firing',
    trusted: true,
  } as unknown as AlertView;
}

describe('present', () => {
  test('when the expression gives the alert’s own sample', async () => {
    assert.match(
      await ask({ answers: { 'up == 0': [{ ...WEB, '=': '0' }] } }),
      /^present: Down still holds \(0\)/,
    );
  });

  test('when labels were added on the way: by the rule, as external labels, with the value in one', async () => {
    const rules = [{ labels: { severity: 'critical', value: '{{ $value }}', replica: '' } }];
    const labels = { ...WEB, severity: 'critical', value: '0', cluster: 'eu' };
    const sample = { __name__: 'up', ...WEB, severity: 'from the sample', value: 'x', replica: 'r1' };
    assert.match(await ask({ labels, rules, answers: { 'up == 0': [sample] } }), /^present/);
  });

  test('when a label was dropped on the way', async () => {
    assert.match(await ask({ answers: { 'up == 0': [{ ...WEB, replica: 'r1' }] } }), /^present/);
  });

  test('when the expression is aggregated to fewer labels, or to none', async () => {
    const rules = [{ query: ERRORS }];
    assert.match(
      await ask({ labels: { service: 'web' }, rules, answers: { [ERRORS]: [{ service: 'web' }] } }),
      /^present/,
    );
    assert.match(await ask({ labels: {}, rules, answers: { [ERRORS]: [{}] } }), /^present/);
  });

  test('when the expression cannot be asked, but fired at its last evaluation', async () => {
    const alerts = [{ labels: { alertname: 'Down', ...WEB }, state: 'firing' }];
    assert.match(
      await ask({ rules: [{ alerts }], answers: { 'up == 0': null } }),
      /^present: .*last evaluation/,
    );
    const others = [{ labels: { alertname: 'Down', ...WEB, instance: 'b:1' }, state: 'firing' }];
    assert.match(
      await ask({ rules: [{ alerts: others }], answers: { 'up == 0': null } }),
      /^unknown: .*timed out/,
    );
  });
});

describe('gone', () => {
  const up = 'up{job="web",instance="a:1"}';

  test('when the expression gives nothing and the target is scraped', async () => {
    assert.match(await ask({ answers: { [up]: [WEB] } }), /^gone: Down holds no more; up\{.*\} is 1/);
  });

  test('when it gives samples of other instances alone', async () => {
    const answers = { 'up == 0': [{ ...WEB, instance: 'b:1' }], [up]: [WEB] };
    assert.match(await ask({ answers }), /^gone/);
  });

  test('when the alert names no target of Prometheus, but a series that the rule reads is there', async () => {
    const rules = [{ query: ERRORS, labels: { severity: 'page' } }];
    const labels = { service: 'web', cluster: 'eu', severity: 'page' };
    const group = 'group by (service, cluster) (all_total)';
    assert.match(
      await ask({ labels, rules, answers: { [group]: [{ service: 'web' }] } }),
      /^gone: .*all_total is there/,
    );
    assert.match(await ask({ labels, rules, answers: { [group]: [{ service: 'api' }] } }), /^unknown/);
  });

  test('when the rule was about a series that is missing, and it is there', async () => {
    const rules = [{ query: '(absent(up{job="web"}))' }];
    assert.match(await ask({ labels: { job: 'web' }, rules }), /^gone: .*that was missing is there/);
  });

  test('when two rules have the name and one fits, for that one alone', async () => {
    const rules = [
      { query: 'warm', labels: { severity: 'warning' } },
      { query: 'hot', labels: { severity: 'critical' } },
    ];
    const answers = { warm: [WEB], [up]: [WEB] };
    assert.match(await ask({ labels: { ...WEB, severity: 'critical' }, rules, answers }), /^gone/);
    assert.match(await ask({ labels: { ...WEB, severity: 'warning' }, rules, answers }), /^present/);
  });
});

describe('unknown', () => {
  test('when the target is not scraped: an empty answer is also what a dead exporter gives', async () => {
    const answers = { 'up{job="web",instance="a:1"}': [{ ...WEB, '=': '0' }] };
    assert.match(await ask({ rules: [{ query: 'errors > 1' }], answers }), /^unknown: .*is 0/);
  });

  test('when neither up nor any series that the rule reads is there', async () => {
    assert.match(await ask({}), /^unknown: .*no proof/);
  });

  test('when the rule fails, was never evaluated, or not for long', async () => {
    const answers = { 'up{job="web",instance="a:1"}': [WEB] };
    const failing = [{ health: 'err', lastError: 'many-to-many matching' }];
    assert.match(await ask({ rules: failing, answers }), /^unknown: .*many-to-many/);
    assert.match(await ask({ rules: [{ health: 'unknown' }], answers }), /^unknown: .*not evaluated yet/);
    assert.match(await ask({ rules: [{ evaluated: 650 }], answers }), /^unknown: .*evaluated 6\d\d s ago/);
  });

  test('when no rule has the name, or none of that name the labels', async () => {
    assert.match(await ask({ rules: [] }), /^unknown: it has no rule Down/);
    const rules = [{ labels: { severity: 'critical' } }];
    assert.match(
      await ask({ labels: { ...WEB, severity: 'warning' }, rules }),
      /^unknown: it has no rule Down/,
    );
  });

  test('when one of two rules that fit holds no more and the other cannot tell', async () => {
    const rules = [{ query: 'up == 0' }, { query: 'broken', health: 'err' }];
    assert.match(await ask({ rules, answers: { 'up{job="web",instance="a:1"}': [WEB] } }), /^unknown/);
  });

  for (const [name, { do: misbehave, words }] of Object.entries(BAD_DAYS)) {
    test(`when Prometheus ${name}`, async () => {
      await using server = await startScripted((_request, response) => misbehave(response));
      const deadline = AbortSignal.timeout(name.includes('never') || name.includes('stops') ? 100 : 5_000);
      const result = await source(server.url).ask('f1', view(WEB), deadline);
      assert.equal(result.verdict, 'unknown');
      assert.match(result.reason, words);
    });
  }

  test('when the answer is JSON of another shape', async () => {
    await using server = await startScripted((_request, response) =>
      response.end('{"status":"success","data":[]}'),
    );
    const result = await source(server.url).ask('f1', view(WEB), AbortSignal.timeout(5_000));
    assert.match(
      `${result.verdict}: ${result.reason}`,
      /^unknown: the answer is not what was expected: data/,
    );
  });
});
