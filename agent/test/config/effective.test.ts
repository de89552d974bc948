import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ACTIONS } from '../../src/actions/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import {
  DEFAULT_GUARDS,
  DEFAULT_INCIDENT,
  DEFAULT_LABEL_MAPPINGS,
  DEFAULT_VERIFICATION,
  guardsOf,
} from '../../src/core/settings.ts';
import { chooseStrategy } from '../../src/core/strategy.ts';
import { configOf, load } from './load.ts';

describe('what is not written', () => {
  it('is as the core says', () => {
    const { settings, edge } = configOf('{}');
    assert.deepEqual(settings.guards, DEFAULT_GUARDS);
    assert.deepEqual(settings.incident, DEFAULT_INCIDENT);
    assert.deepEqual(settings.verification, DEFAULT_VERIFICATION);
    assert.deepEqual(settings.labelMappings, DEFAULT_LABEL_MAPPINGS);
    assert.equal(settings.mode, 'auto');
    assert.deepEqual(settings.targets, []);
    assert.equal(edge.server.host, '127.0.0.1');
    assert.equal(edge.docker?.host, 'unix:///var/run/docker.sock');
  });

  it('leaves the journal to the environment, as in a container', () => {
    assert.equal(configOf('{}', { MPA_JOURNAL: '/data/j.sqlite' }).edge.journal.path, '/data/j.sqlite');
    const written = configOf('journal: { path: /else/where.sqlite }', { MPA_JOURNAL: '/data/j.sqlite' });
    assert.equal(written.edge.journal.path, '/else/where.sqlite');
  });

  it('is warned of when it means that nobody is called', () => {
    assert.match(
      load('{}')
        .warnings.map(({ message }) => message)
        .join(),
      /nobody is called/,
    );
  });

  it('is not warned of for a notifier that has errors: that is told by these', () => {
    const result = load('notifiers: { x: { type: pager } }');
    assert.equal(result.ok, false);
    assert.deepEqual(result.warnings, []);
  });
});

describe('what is written', () => {
  it('stands over the defaults, and a target’s over the global', () => {
    const { settings } = configOf(`
guards: {budget: {mutations: 5, window: 20m}, grace: {after_start: 1m}}
verification: {soak: 20s}
targets:
  a: {container: a, guards: {budget: {mutations: 1}}, verification: {symptom: none}}
  b: {container: b}
`);
    assert.deepEqual(guardsOf(settings, 'a').budget, {
      mutations: 1,
      windowMs: 1_200_000,
      breakerMs: 600_000,
    });
    assert.equal(guardsOf(settings, 'a').grace.afterStartMs, 60_000);
    assert.equal(guardsOf(settings, 'b').budget.mutations, 5);
    const [a, b] = settings.targets;
    assert.deepEqual(a?.verification, { ...DEFAULT_VERIFICATION, soakMs: 20_000, symptom: 'none' });
    assert.equal(b?.verification.symptom, 'auto');
  });

  it('makes a whole target', () => {
    const { settings } = configOf(`
targets:
  a:
    label: app=a=b
    aliases: [x]
    mode: approve
    probes:
      - {type: http, url: "http://a/", status: [204, "200-201"], json: {pointer: /ok, equals: true}, timeout: 1s}
      - {type: tcp, host: a, port: 5432}
    schedule: {interval: 2s}
`);
    const [target] = settings.targets;
    assert.deepEqual(target?.selector, { by: 'label', label: 'app', value: 'a=b' });
    assert.deepEqual(target?.schedule, { intervalMs: 2_000, failureThreshold: 3, successThreshold: 2 });
    assert.equal(target?.mode, 'approve');
    assert.deepEqual(target?.probes[0], {
      kind: 'http',
      name: 'http http://a/',
      url: 'http://a/',
      method: 'GET',
      statuses: [
        { from: 204, to: 204 },
        { from: 200, to: 201 },
      ],
      bodyContains: null,
      json: { pointer: '/ok', equals: true },
      timeoutMs: 1_000,
    });
    assert.deepEqual(target?.probes[1], {
      kind: 'tcp',
      name: 'tcp a:5432',
      host: 'a',
      port: 5_432,
      timeoutMs: 5_000,
    });
  });

  it('lets one word choose between a container and a process', () => {
    const text = (runtime: string) =>
      `targets: {a: {runtime: ${runtime}, container: c, process: {command: [node, a.js], stop_timeout: 2s}}}`;
    assert.equal(configOf(text('docker')).settings.targets[0]?.selector.by, 'container-name');
    const selector = configOf(text('local')).settings.targets[0]?.selector;
    assert.deepEqual(selector, {
      by: 'process',
      process: { command: ['node', 'a.js'], cwd: process.cwd(), env: {}, stopTimeoutMs: 2_000 },
    });
  });

  it('protects what the agent stands on, also as a target', () => {
    const { settings } = configOf(`
alertmanager: {url: "http://pager:9093"}
protected_names: [db]
targets:
  pager: {container: x}
  store: {compose_service: db}
  free: {container: free}
`);
    assert.deepEqual(
      settings.targets.map((target) => target.protected),
      [true, true, false],
    );
  });

  it('has a version that follows what is in force and nothing else', () => {
    const version = (text: string) => configOf(text).settings.version;
    assert.equal(version('mode: off\ndrain_time: 60s'), version('# words\ndrain_time: 1m\nmode: "off"'));
    assert.notEqual(version('mode: off'), version('mode: auto'));
    assert.notEqual(version('targets: {a: {container: a}}'), version('targets: {a: {container: b}}'));
    assert.match(version('{}'), /^[0-9a-f]{12}$/);
  });
});

describe('the shipped strategies', () => {
  const strategies = (text: string) => configOf(text).settings.strategies;
  const forAlert = (alertname: string) =>
    chooseStrategy(strategies('{}'), { target: 't', source: 'alertmanager', labels: { alertname } })?.name ??
    null;

  it('cover what usually goes wrong', () => {
    assert.equal(forAlert('ServiceDown'), 'service-down');
    assert.equal(forAlert('PredictorDown'), 'service-down');
    assert.equal(forAlert('HighErrorRate'), 'high-error-rate');
    assert.equal(forAlert('HighLatency'), 'high-latency');
    assert.equal(forAlert('HighMemoryUsage'), 'high-memory');
    assert.equal(forAlert('ContainerHighCPU'), 'high-cpu');
    assert.equal(forAlert('DataStale'), null);
  });

  it('only look and call a person when the agent is said to be down', () => {
    const first = strategies('{}')[0];
    assert.equal(forAlert('MarketProgrammerAgentDown'), first?.name);
    assert.deepEqual(
      first?.steps.map(({ action }) => action),
      ['check_logs', 'escalate_to_human'],
    );
    for (const name of ['HighMemory', 'Unhealthy', 'Latency', 'Errors', 'HighCPU'])
      assert.equal(forAlert(`MarketProgrammerAgent${name}`), null);
  });

  it('take signals that carry no labels', () => {
    for (const source of ['probe', 'runtime', 'person'] as const)
      assert.equal(chooseStrategy(strategies('{}'), { target: 't', source, labels: {} })?.name, 'recover');
  });

  it('keep evidence before they act, and call a person in the end', () => {
    for (const { name, steps } of strategies('{}')) {
      const kinds = steps.map(({ kind }) => kind);
      assert.equal(kinds[0], 'observing', name);
      assert.equal(kinds.at(-1), 'escalating', name);
    }
  });

  it('stand behind the user’s own, which replace them by name', () => {
    const own = 'strategies: [{name: recover, sources: [probe], steps: [{action: check_logs}]}]';
    const names = strategies(own).map(({ name }) => name);
    assert.equal(names[0], 'recover');
    assert.equal(names.filter((name) => name === 'recover').length, 1);
    assert.equal(names[1], 'agent-down');
  });

  it('can be left out', () => {
    assert.deepEqual(strategies('default_strategies: false'), []);
  });
});

describe('files', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mpa-config-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const loadText = (text: string) => {
    const file = join(folder, 'mpa.yml');
    writeFileSync(file, text);
    return loadConfig({ file, environment: {}, actions: ACTIONS });
  };

  it('that hold secrets are read, and never shown', () => {
    writeFileSync(join(folder, 'old.token'), 'old-value\n');
    writeFileSync(join(folder, 'new.token'), 'new-value\r\n');
    writeFileSync(join(folder, 'hook'), 'https://hooks.example.org/hidden-path\n');
    const result = loadText(
      'server: {webhook_token_files: [old.token, new.token]}\nnotifiers: {x: {type: webhook, url_file: hook}}',
    );
    assert.ok(result.ok);
    const { server, notifiers } = result.config.edge;
    assert.deepEqual(
      server.webhookTokens.map((token) => token.reveal()),
      ['old-value', 'new-value'],
    );
    const shown = `${JSON.stringify(result)} ${inspect(result, { depth: 9, showHidden: true })} ${notifiers[0]?.token}`;
    assert.doesNotMatch(shown, /old-value|new-value|hidden-path/);
  });

  it('that hold no secret are refused with what to do', () => {
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'two'), 'one\ntwo\n');
    const expected: readonly (readonly [file: string, says: RegExp])[] = [
      ['empty', /is empty/],
      ['two', /more than one line/],
      ['.', /is no file/],
      ['nowhere', /no such file; create it/],
    ];
    for (const [file, says] of expected) {
      const result = loadText(`server: {operator_token_files: ["${file}"]}`);
      assert.ok(!result.ok);
      assert.match(result.problems[0]?.message ?? '', says);
      assert.equal(result.problems[0]?.line, 1);
    }
  });

  it('that are missing, or no files, are told', () => {
    const missing = loadConfig({ file: join(folder, 'none.yml'), environment: {}, actions: ACTIONS });
    assert.ok(!missing.ok);
    assert.match(missing.problems[0]?.message ?? '', /there is no such file/);
    assert.equal(loadConfig({ file: folder, environment: {}, actions: ACTIONS }).ok, false);
  });

  it('name others relative to themselves', () => {
    const result = loadText(
      'journal: {path: j/x.sqlite}\ntargets: {a: {runtime: local, process: {command: [x], cwd: sub}}}',
    );
    assert.ok(result.ok);
    assert.equal(result.config.edge.journal.path, join(folder, 'j/x.sqlite'));
    const selector = result.config.settings.targets[0]?.selector;
    assert.equal(selector?.by === 'process' ? selector.process.cwd : '', join(folder, 'sub'));
  });
});
