// Against a server that answers as Prometheus does on bad days; on good ones see prometheusMetrics.real.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertView } from '../../src/core/incident.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { PrometheusMetrics } from '../../src/sources/prometheusMetrics.ts';
import { ManualClock } from '../fakes/clock.ts';
import { BAD_DAYS, type ScriptedServer, sendJson, startScripted } from '../fakes/scriptedServer.ts';
import { targetWith } from './targets.ts';

const NOW = Date.UTC(2026, 10, 24, 12);

const sourceOn = ({ url }: ScriptedServer) =>
  new PrometheusMetrics(new ServiceClient(url, null), new ManualClock(NOW));
const soon = () => AbortSignal.timeout(2_000);

function matrix(...result: readonly { metric: Record<string, string>; values: [number, string][] }[]) {
  return { status: 'success', data: { resultType: 'matrix', result } };
}

for (const [name, { do: behave, words }] of Object.entries(BAD_DAYS)) {
  test(`a Prometheus that ${name} is an error in words, within its time`, async () => {
    await using server = await startScripted((_request, response) => behave(response));
    const source = sourceOn(server);
    await assert.rejects(source.related(targetWith([]), [], AbortSignal.timeout(500)), words);
    await assert.rejects(source.query('up', AbortSignal.timeout(500)), words);
  });
}

/** A series by each of the labels that may name a service. */
const by = (series: string) =>
  ['mpa_target', 'compose_service', 'service', 'container', 'job']
    .map((label) => `${series}{${label}=~"shop"}`)
    .join(' or ');

test('what can be asked is told, and what cannot is named', async () => {
  await using server = await startScripted(({ url }, response) => {
    const query = url.searchParams.get('query') ?? '';
    if (query.startsWith('up'))
      sendJson(response, matrix({ metric: { job: 'shop' }, values: [[NOW / 1_000, '1']] }));
    else if (query.startsWith('changes')) response.writeHead(503).end('overloaded');
    else sendJson(response, matrix());
  });
  const { text, truncated } = await sourceOn(server).related(targetWith([]), [], soon());
  assert.equal(
    text,
    [
      `scraped (1) or not (0): ${by('up')}`,
      '  {job="shop"} now 1, 0 min ago 1, lowest 1, highest 1',
      `starts in 15 min: could not be asked: ${server.url}/: HTTP 503: overloaded`,
    ].join('\n'),
  );
  assert.equal(truncated, false);
});

test('names from outside never leave their quotes', async () => {
  await using server = await startScripted((_request, response) => sendJson(response, matrix()));
  const hostile = 'a"} or vector(1) or up{job="';
  const labels = { alertname: '', job: hostile, instance: 'x\\' };
  // What is looked at is the labels alone.
  const alert = { labels } as unknown as AlertView;
  const compose = targetWith([], {
    name: 'we.b"x',
    selector: { by: 'compose-service', service: 'a.b', project: 'p"}' },
  });
  await sourceOn(server).related(compose, [alert], soon());
  await sourceOn(server).related(compose, [], soon());
  const asked = server.requests.map(({ url }) => url.searchParams.get('query') ?? '');
  assert.ok(asked.includes('up{job="a\\"} or vector(1) or up{job=\\"",instance="x\\\\"}'), asked.join('\n'));
  assert.ok(
    asked.some((query) => query.endsWith(' or up{job=~"we\\\\.b\\"x|a\\\\.b"}')),
    asked.join('\n'),
  );
  assert.ok(asked.some((query) => query.includes('container_label_com_docker_compose_project="p\\"}"')));
});

test('an answer with very many series is cut, and one without any says so', async () => {
  const many = Array.from({ length: 900 }, (_, index) => ({
    metric: { __name__: 'x', pod: `${index}-${'p'.repeat(400)}` },
    value: [0, String(index)],
  }));
  await using server = await startScripted(({ url }, response) =>
    sendJson(response, {
      status: 'success',
      data: { resultType: 'vector', result: url.searchParams.get('query') === 'x' ? many : [] },
    }),
  );
  const { text, truncated } = await sourceOn(server).query('x', soon());
  assert.ok(text.length <= 16_384);
  assert.equal(truncated, true);
  assert.match(text, /^x\{pod="0-p+"\} 0\n/);
  assert.deepEqual(await sourceOn(server).query('y', soon()), { text: 'no series', truncated: false });
});
