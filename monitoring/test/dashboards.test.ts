import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parser as logql } from '@grafana/lezer-logql';
import { parse } from 'yaml';
import { createInstruments } from '../../agent/src/telemetry/instruments.ts';
import { createMetrics } from '../../predictor/src/metrics.ts';
import { dashboards, files, queries, sent } from './dashboardQueries.ts';
import { SCRAPE_METRICS } from './exporterMetrics.ts';
import { labelsOf, metricsOf } from './promql.ts';
import { monitoringFolder } from './ruleFiles.ts';

const folder = join(monitoringFolder, 'grafana');

/** The labels of everything that can be asked for: a histogram has no series of just its own. */
function seriesOf(
  registry: ReturnType<typeof createMetrics>['registry'],
): ReadonlyMap<string, readonly string[]> {
  const series = new Map<string, readonly string[]>();
  for (const metric of registry.getMetricsAsArray()) {
    // Every metric of prom-client has it; its types leave it out.
    const labels: readonly string[] = Reflect.get(metric, 'labelNames');
    const names = String(metric.type) === 'histogram' ? ['_bucket', '_count', '_sum'] : [''];
    for (const end of names) series.set(metric.name + end, end === '_bucket' ? [...labels, 'le'] : labels);
  }
  return series;
}

const agent = seriesOf(createInstruments().registry);
const predictor = seriesOf(createMetrics().registry);
const known = new Map([...agent, ...predictor, ...SCRAPE_METRICS.map((name) => [name, []] as const)]);
/** Prometheus puts them on every series. */
const OF_SCRAPES = ['job', 'instance'];

describe('dashboards', () => {
  it('in the repository are what their source makes (npm run dashboards)', () => {
    assert.deepEqual(readdirSync(join(folder, 'dashboards')).sort(), [...files.keys()].sort());
    for (const [name, text] of files)
      assert.equal(readFileSync(join(folder, 'dashboards', name), 'utf8'), text, name);
  });

  for (const { file, dashboard, panels } of dashboards) {
    it(`${file}: every panel says what it shows, and has an id and a place of its own`, () => {
      assert.ok(panels.length > 10);
      const ids = new Set(dashboard.panels.map(({ id }) => id));
      assert.equal(ids.size, dashboard.panels.length);
      const places = new Set<string>();
      for (const { type, title, description = '', gridPos } of dashboard.panels) {
        assert.ok(gridPos.x + gridPos.w <= 24, `${title} is too wide`);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            assert.ok(!places.has(`${x} ${y}`), `${title} lies over another panel`);
            places.add(`${x} ${y}`);
          }
        }
        if (type !== 'row') assert.match(description, /\.$/, title);
      }
    });

    it(`${file}: lets one choose among the values of a label that exists`, () => {
      for (const { name, definition } of dashboard.templating.list) {
        const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? [];
        assert.ok(known.get(metric)?.includes(label), definition);
        assert.ok(
          queries.some(({ expr }) => expr.includes(`"$${name}"`)),
          `$${name} is used`,
        );
      }
    });
  }
});

describe('an expression of a panel', () => {
  for (const { name, expr } of queries.filter(({ source }) => source === 'prometheus')) {
    it(`reads only what is exposed, by labels that it has: ${name}`, () => {
      const metrics = metricsOf(sent(expr));
      assert.ok(metrics.length > 0, expr);
      assert.deepEqual(
        metrics.filter((metric) => !known.has(metric)),
        [],
      );
      const labels = new Set([...OF_SCRAPES, ...metrics.flatMap((metric) => known.get(metric) ?? [])]);
      assert.deepEqual(
        labelsOf(sent(expr)).filter((label) => !labels.has(label)),
        [],
      );
    });
  }

  for (const { name, expr } of queries.filter(({ source }) => source === 'loki')) {
    it(`is LogQL of lines that the collector has labelled: ${name}`, () => {
      const labels: string[] = [];
      logql.parse(expr).iterate({
        enter: ({ type, name: kind, node, from }) => {
          assert.ok(!type.isError, `${expr} at ${from}`);
          const identifier = kind === 'Matcher' && node.parent?.name === 'Matchers' ? node.firstChild : null;
          if (identifier !== null) labels.push(expr.slice(identifier.from, identifier.to));
        },
      });
      assert.ok(labels.length > 0, expr);
      assert.deepEqual(
        labels.filter((label) => !collected().includes(label)),
        [],
      );
    });
  }

  it('reads a data source that is provisioned', () => {
    const uids = datasources().map(({ uid }) => uid);
    assert.deepEqual(
      queries.filter(({ source }) => !uids.includes(source)),
      [],
    );
  });

  it('in one dashboard or the other reads everything that the services measure of their work', () => {
    const read = new Set(
      queries.filter(({ source }) => source === 'prometheus').flatMap(({ expr }) => metricsOf(sent(expr))),
    );
    const names = [...known.keys()].filter((name) => /^(mpa|predictor)_/.test(name));
    const unseen = names.filter((name) => {
      const histogram = name.replace(/_(bucket|count|sum)$/, '');
      return ![name, ...['_bucket', '_count', '_sum'].map((end) => histogram + end)].some((one) =>
        read.has(one),
      );
    });
    assert.deepEqual(unseen.sort(), NOT_SHOWN);
  });
});

/** What no panel needs: said by another panel, or of use in a search for a cause alone. */
const NOT_SHOWN: readonly string[] = [
  'mpa_build_info',
  'mpa_instances_held',
  'mpa_journal_entries_total',
  'mpa_journal_outages_total',
  'mpa_signals_repeated_total',
  'mpa_targets_held_whole',
];

/** The labels that Alloy puts on lines. */
function collected(): readonly string[] {
  const text = readFileSync(join(monitoringFolder, 'alloy/config.alloy'), 'utf8');
  return [...text.matchAll(/target_label\s*=\s*"(\w+)"/g)].map((match) => match[1] ?? '');
}

function datasources(): readonly { readonly uid: string; readonly url: string }[] {
  const text = readFileSync(join(folder, 'provisioning/datasources/datasources.yml'), 'utf8');
  // Compared with what the dashboards ask for, which says whether it is so.
  const { datasources: list } = parse(text) as {
    readonly datasources: readonly { uid: string; url: string }[];
  };
  return list;
}
