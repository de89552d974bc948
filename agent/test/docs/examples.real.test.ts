// The examples for other programs are judged by these programs themselves.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { dockerConfigFolder, findProgram } from '../../../e2e/lab/labFolder.ts';
import { blockNamed } from './documents.ts';

const run = promisify(execFile);
const ANSWER_MS_MAX = 30_000;

/** Runs a program on an example in a file of its own; answers with what it printed, or fails with its words. */
async function judge(
  program: string,
  example: string,
  args: (file: string) => readonly string[],
  env: Readonly<Record<string, string>> = {},
  whole = (text: string) => text,
): Promise<string> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-example-'));
  const file = join(folder.path, 'example.yml');
  await writeFile(file, whole(blockNamed(example)));
  const { stdout } = await run(findProgram(program), args(file), {
    timeout: ANSWER_MS_MAX,
    env: { ...process.env, ...env },
  });
  return stdout.trim();
}

test('Alertmanager takes its example', async () => {
  assert.match(await judge('amtool', 'yaml alertmanager', (file) => ['check-config', file]), /SUCCESS/);
});

for (const [labels, receiver] of [
  [['alertname=ServiceDown', 'service=web'], 'market-programmer-agent'],
  [['alertname=MarketProgrammerAgentDown', 'service=market-programmer-agent'], 'agent-self-monitoring'],
  [['alertname=ServiceDown', 'service=market-programmer-agent'], 'agent-self-monitoring'],
  [['alertname=MarketProgrammerAgentEscalation', 'escalated_target=web'], 'agent-self-monitoring'],
] as const) {
  test(`Alertmanager routes ${labels.join(' ')} to ${receiver}`, async () => {
    const args = (file: string) => ['config', 'routes', 'test', `--config.file=${file}`, ...labels];
    assert.equal(await judge('amtool', 'yaml alertmanager', args), receiver);
  });
}

/** The routes that an existing Alertmanager is to add, in one that has people and a dead man's switch of its own. */
function withinExisting(text: string): string {
  // An example of ours: it has a route with routes, and receivers.
  const added = parse(text) as { route: { routes: object[] }; receivers: object[] };
  const own = ['YOUR_PEOPLE', 'YOUR_DEAD_MANS_SWITCH'].map((name) => ({ name }));
  return stringify({
    route: { receiver: 'YOUR_PEOPLE', ...added.route },
    receivers: [...own, ...added.receivers],
  });
}

for (const [labels, receivers] of [
  [['alertname=ServiceDown', 'service=web', 'severity=critical'], 'YOUR_PEOPLE'],
  [['alertname=ServiceDown', 'service=web', 'recovery=agent'], 'market-programmer-agent,YOUR_PEOPLE'],
  [['alertname=MarketProgrammerAgentDown', 'service=market-programmer-agent'], 'agent-self-monitoring'],
  [['alertname=StackServiceDown', 'job=market-programmer-agent', 'recovery=agent'], 'agent-self-monitoring'],
  [['alertname=MarketProgrammerAgentEscalation', 'escalated_target=web'], 'YOUR_PEOPLE'],
  [['alertname=Watchdog', 'severity=none', 'service=monitoring'], 'YOUR_DEAD_MANS_SWITCH'],
] as const) {
  test(`an existing Alertmanager with the added routes sends ${labels.join(' ')} to ${receivers}`, async () => {
    const args = (file: string) => ['config', 'routes', 'test', `--config.file=${file}`, ...labels];
    assert.equal(await judge('amtool', 'yaml existing-alertmanager', args, {}, withinExisting), receivers);
  });
}

test('an existing Prometheus takes what it is to add', async () => {
  const args = (file: string) => ['check', 'config', '--syntax-only', file];
  await judge('promtool', 'yaml existing-prometheus', args);
});

test('Prometheus takes its example', async () => {
  await judge('promtool', 'yaml prometheus', (file) => ['check', 'config', '--syntax-only', file]);
});

for (const example of ['yaml rules', 'yaml rules-operations']) {
  test(`Prometheus takes the example \`${example}\``, async () => {
    await judge('promtool', example, (file) => ['check', 'rules', '--lint-fatal', file]);
  });
}

test('Compose takes its example', async () => {
  const env = { DOCKER_GID: '998', DOCKER_CONFIG: dockerConfigFolder() };
  const args = (file: string) => [
    'compose',
    '--file',
    file,
    '--project-name',
    'example',
    'config',
    '--quiet',
  ];
  assert.equal(await judge('docker', 'yaml compose', args, env), '');
});
