// The expressions of the dashboards, read and evaluated by Prometheus' own parser and engine.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { findProgram } from '../../e2e/lab/labFolder.ts';
import { rise } from '../grafana/src/counts.ts';
import { queries, sent } from './dashboardQueries.ts';

const DEADLINE_MS = 60_000;
/** What Grafana makes of `$__rate_interval` where bars are a minute wide and scrapes are 10 s apart. */
const RATE_INTERVAL = '70s';

const folder = mkdtempSync(join(tmpdir(), 'mpa-dashboards-'));
after(() => rmSync(folder, { recursive: true }));

/** Rejects with what promtool says when it is not content. */
async function promtool(name: string, content: unknown, ...args: readonly string[]): Promise<void> {
  const file = join(folder, name);
  writeFileSync(file, stringify(content));
  await promisify(execFile)(findProgram('promtool'), [...args, file], { cwd: folder, timeout: DEADLINE_MS });
}

it('every expression of a panel is PromQL to Prometheus itself', async () => {
  const rules = queries
    .filter(({ source }) => source === 'prometheus')
    .map(({ expr }, index) => ({ record: `panel:${index}`, expr: sent(expr, RATE_INTERVAL) }));
  await promtool('panels.yml', { groups: [{ name: 'panels', rules }] }, 'check', 'rules', '--lint=none');
});

it('a first event and a later one are each in just one bar', async () => {
  const expr = sent(rise('mpa_mutations_total', { by: ['action'], where: 'target="web"' }), RATE_INTERVAL);
  const bar = (evalTime: string, ...values: readonly number[]) => ({
    // `increase` extrapolates to the whole range, by more or less with the version of Prometheus; panels round too.
    expr: `round(${expr})`,
    eval_time: evalTime,
    exp_samples: values.map((value) => ({ labels: '{action="restart"}', value })),
  });
  // The series is born between 90 s and 120 s with the first repair; the second is between 240 s and 270 s.
  const series = { series: 'mpa_mutations_total{target="web",action="restart"}', values: '_x10 1x14 2x40' };
  const test = {
    interval: '10s',
    input_series: [series],
    promql_expr_test: [bar('60s'), bar('120s', 1), bar('180s', 0), bar('300s', 1), bar('360s', 0)],
  };
  await promtool('count.yml', { rule_files: [], evaluation_interval: '10s', tests: [test] }, 'test', 'rules');
});

it('of the incidents that the agent acted on, those whose repair was disproved count as not recovered', async () => {
  const { expr = '' } = queries.find(({ name }) => name === 'fleet.json Recovered A') ?? {};
  const ended = (outcome: string, acted: boolean, values: string) => ({
    series: `mpa_incidents_total{target="web",outcome="${outcome}",acted="${acted}"}`,
    values,
  });
  // From 10 min on all that ended in the time shown was disproved.
  const series = [
    ended('recovered', true, '_x10 1x200'),
    ended('self-resolved', true, '_x10 1x80 2x120'),
    ended('self-resolved', false, '_x10 7x200'),
    ended('suppressed', true, '_x10 1x200'),
  ];
  const share = (evalTime: string, ...values: readonly number[]) => ({
    expr: sent(expr, '5m').replaceAll('$target', '.*'),
    eval_time: evalTime,
    exp_samples: values.map((value) => ({ labels: '{}', value })),
  });
  const test = {
    interval: '10s',
    input_series: series,
    promql_expr_test: [share('60s'), share('180s', 0.5), share('17m', 0)],
  };
  await promtool('share.yml', { rule_files: [], evaluation_interval: '10s', tests: [test] }, 'test', 'rules');
});
