import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScripted } from '../fakes/scriptedServer.ts';
import { sampleStatus } from '../fakes/targetStatus.ts';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

test('targets are a table, with how they are seen', async () => {
  await using agent = await openAgent();
  agent.control.statuses = [sampleStatus()];
  const targets = await runMpa(['targets'], agent.environment);
  assert.match(
    targets.out,
    /^market-predictor {2}unwell {2}13 ms {4}auto {2}- {11}inc-1 {5}connection refused$/m,
  );
});

test('targets are shown with the mode in force, and why they are left alone', async () => {
  await using agent = await openAgent();
  const status = sampleStatus('web');
  agent.control.statuses = [
    { ...status, mode: 'observe', held: 'stopped' },
    { ...status, maintenance: { until: 1_000, reason: 'upgrade' } },
  ];
  const { out } = await runMpa(['targets'], agent.environment);
  assert.match(out, /^web .* observe {2}stopped by a person {20}inc-1/m);
  assert.match(out, /^web .* auto {5}maintenance until 1970-01-01 00:00:01 {2}inc-1/m);
});

test('the looks of the past are asked for where a program reads the targets, and not for a table', async () => {
  const asked: string[] = [];
  await using agent = await startScripted(({ url }, response) => {
    asked.push(`${url.pathname}${url.search}`);
    response.setHeader('content-type', 'application/json').end('{"targets":[]}');
  });
  await runMpa(['targets', '--url', agent.url]);
  await runMpa(['targets', '--json', '--url', agent.url]);
  assert.deepEqual(asked, ['/api/v1/targets?course=false', '/api/v1/targets?course=true']);
});
