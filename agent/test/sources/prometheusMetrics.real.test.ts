// Related measurements from a real Prometheus, as an incident keeps them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Prometheus, startPrometheus } from '../../../e2e/lab/prometheus.ts';
import { waitFor } from '../../../e2e/lab/waitFor.ts';
import type { AlertView } from '../../src/core/incident.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { PrometheusMetrics } from '../../src/sources/prometheusMetrics.ts';
import { SystemClock } from '../../src/systemClock.ts';
import { type ScriptedServer, startScripted } from '../fakes/scriptedServer.ts';
import { targetWith } from './targets.ts';

const METRICS = `process_resident_memory_bytes 123456789
process_start_time_seconds 1700000000
process_cpu_seconds_total 12
errors{service="shop",kind="db"} 9
errors{service="other",kind="db"} 70
container_memory_working_set_bytes{name="shop-1",container_label_com_docker_compose_service="shop"} 5000000
container_spec_memory_limit_bytes{name="shop-1",container_label_com_docker_compose_service="shop"} 8000000
`;

const shop = targetWith([], {
  name: 'shop',
  runtime: 'docker',
  selector: { by: 'compose-service', service: 'shop', project: null },
});
const soon = () => AbortSignal.timeout(5_000);

describe('what Prometheus measures of a target', () => {
  const opened = new AsyncDisposableStack();
  let exporter: ScriptedServer;
  let prometheus: Prometheus;
  let source: PrometheusMetrics;
  before(async () => {
    exporter = opened.use(
      await startScripted((_request, response) =>
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(METRICS),
      ),
    );
    prometheus = opened.use(
      await startPrometheus({
        targets: [{ job: 'shop', address: new URL(exporter.url).host }],
        rules: JSON.stringify({
          groups: [
            {
              name: 'lab',
              rules: [
                { alert: 'Errors', expr: 'sum by (service) (errors) > 5', labels: { severity: 'page' } },
                { alert: 'Errors', expr: 'vector(1)', labels: { severity: 'ticket' } },
              ],
            },
          ],
        }),
      }),
    );
    source = new PrometheusMetrics(new ServiceClient(prometheus.url, null), new SystemClock());
    await waitFor(
      'a scrape',
      () => source.related(shop, [], soon()),
      ({ text }) => text.includes('container_memory'),
      { deadlineMs: 20_000 },
    );
  });
  after(() => opened.disposeAsync());

  test('the measurements of its process and of its container are told, each in a few numbers', async () => {
    const { text, truncated } = await source.related(shop, [], soon());
    assert.match(
      text,
      /^scraped \(1\) or not \(0\): .* or up\{job=~"shop"\}\n {2}up\{.*job="shop"\} now 1, \d min ago 1/m,
    );
    assert.match(text, /^memory of the process, bytes: .*\n {2}.* now 123456789, .*lowest 123456789/m);
    assert.match(text, /^memory of the container, bytes: .*\n {2}\{name="shop-1"\} now 5000000/m);
    assert.match(text, /^memory limit of the container, bytes: .*\n {2}\{name="shop-1"\} now 8000000/m);
    assert.equal(truncated, false);
  });

  test('what the rule of an alert measures is told, of the alert’s own series alone', async () => {
    const labels = { alertname: 'Errors', service: 'shop', severity: 'page' };
    // What is looked at is the labels alone.
    const { text } = await source.related(shop, [{ labels } as unknown as AlertView], soon());
    assert.match(
      text,
      /^rule Errors, which says sum by \(service\) \(errors\) > 5: sum by \(service\) \(errors\)\n {2}\{service="shop"\} now 9/,
    );
    assert.doesNotMatch(text, /other|vector\(1\)/);
  });

  test('any expression can be asked, and one that is none is an error in Prometheus’ words', async () => {
    assert.deepEqual(await source.query('errors{kind="db"} * 2 > 100', soon()), {
      text: `{instance="${new URL(exporter.url).host}", job="shop", kind="db", service="other"} 140`,
      truncated: false,
    });
    await assert.rejects(source.query('sum(', soon()), /HTTP 400.*parse error/);
  });
});
