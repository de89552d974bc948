import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inspected, stats } from '../../../src/runtimes/docker/engineSchema.ts';
import { healthEvidence, inspectEvidence } from '../../../src/runtimes/docker/evidence.ts';
import { toInstance } from '../../../src/runtimes/docker/instance.ts';
import { toResources } from '../../../src/runtimes/docker/resources.ts';
import { inspectAnswer, web } from './fakeEngine.ts';

const parse = (change: Parameters<typeof inspectAnswer>[0]) => inspected.parse(inspectAnswer(change));

it('times are read to the millisecond, and the year 1 is never', () => {
  const instance = toInstance(parse({}));
  assert.equal(instance.createdAt, Date.UTC(2026, 0, 1, 0, 0, 0, 123));
  assert.equal(instance.finishedAt, null);
});

it('a container says of which Compose service it is, whoever selected it', () => {
  const Labels = { 'com.docker.compose.service': 'alertmanager' };
  assert.equal(toInstance(parse({ config: { Labels } })).service, 'alertmanager');
});

it('what an engine leaves out means that it is not there', () => {
  const container = inspected.parse({
    Id: 'c'.repeat(64),
    Name: '/bare',
    State: { Status: 'running' },
    Config: {},
    HostConfig: {},
  });
  const instance = toInstance(container);
  assert.equal(instance.health, 'none');
  assert.equal(instance.startedAt, null);
  assert.equal(instance.supervised, false);
});

it('a health check that is switched off has no start period', () => {
  const ten = 10_000_000_000;
  const check = (Test: readonly string[]) => parse({ config: { Healthcheck: { Test, StartPeriod: ten } } });
  assert.equal(toInstance(check(['CMD', 'true'])).startPeriodMs, 10_000);
  assert.equal(toInstance(check(['NONE'])).startPeriodMs, 0);
});

it('evidence holds neither the environment nor the arguments, where secrets are', () => {
  const container = parse({ config: { Env: ['TOKEN=geheim'], Cmd: ['--password=geheim'] } });
  const { text } = inspectEvidence(web, container);
  assert.doesNotMatch(text, /geheim/);
  assert.match(text, /^container: web/);
});

it('the health log is shown as one safe line for each result, each bounded', () => {
  const Log = [
    { Start: '2026-01-01T00:00:00Z', End: '', ExitCode: 1, Output: 'refused\n\u001b[31mred' },
    { Start: '2026-01-01T00:00:01Z', End: '', ExitCode: 1, Output: 'x'.repeat(4_000) },
  ];
  const health = healthEvidence(
    web,
    parse({ state: { Health: { Status: 'unhealthy', FailingStreak: 2, Log } } }),
  );
  assert.ok(health !== null);
  const [first, second, ...more] = health.text.split('\n');
  assert.equal(first, '2026-01-01T00:00:00Z exit 1: refused\\u000a\\u001b[31mred');
  assert.ok((second ?? '').length < 1_100);
  assert.deepEqual(more, []);
  assert.equal(health.truncated, true);
});

it('memory is counted without the page cache, on either version of cgroups', () => {
  const memory = (cache: object) => stats.parse({ memory_stats: { usage: 100, limit: 900, stats: cache } });
  assert.equal(toResources(memory({ total_inactive_file: 30 }), 0).memoryBytes, 70);
  assert.equal(toResources(memory({ inactive_file: 40 }), 0).memoryBytes, 60);
  assert.equal(toResources(memory({}), 0).memoryBytes, 100);
});

it('the host’s memory is not taken for a limit of the container', () => {
  const read = stats.parse({ memory_stats: { usage: 100, limit: 900 } });
  assert.equal(toResources(read, 0).memoryLimitBytes, null);
  assert.equal(toResources(read, 500).memoryLimitBytes, 500);
});

it('use of the CPU is in CPUs, and unknown from one reading alone', () => {
  const reading = (used: number, system: number) => ({
    cpu_usage: { total_usage: used },
    system_cpu_usage: system,
    online_cpus: 4,
  });
  const two = stats.parse({ cpu_stats: reading(300, 2_000), precpu_stats: reading(100, 1_600) });
  assert.equal(toResources(two, 0).cpuShare, 2);
  const one = stats.parse({
    cpu_stats: reading(300, 2_000),
    precpu_stats: { cpu_usage: { total_usage: 0 } },
  });
  assert.equal(toResources(one, 0).cpuShare, null);
  assert.deepEqual(toResources(stats.parse({}), 0), {
    cpuShare: null,
    memoryBytes: null,
    memoryLimitBytes: null,
    pids: null,
  });
});
