// Loki, Alloy and Grafana cannot be had where this is tested: their files are held to each other and to what uses them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { LOKI_QUERY_DEFAULT } from '../../agent/src/config/edgeSchema.ts';
import { actionOf } from '../../agent/test/actions/stage.ts';
import { monitoringFolder, repositoryFolder } from './ruleFiles.ts';

const text = (path: string) => readFileSync(join(monitoringFolder, path), 'utf8');

type Service = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly unknown[];
};
// Read as far as it is looked into; a shape that is another fails the test that looks.
const { services } = parse(readFileSync(join(repositoryFolder, 'docker-compose.yml'), 'utf8'), {
  merge: true,
}) as {
  readonly services: Readonly<Record<string, Service>>;
};

const alloy = text('alloy/config.alloy')
  .split('\n')
  .filter((line) => !line.trimStart().startsWith('//'))
  .join('\n');

describe('Alloy', () => {
  it('opens as many blocks as it closes, and each reference has its component', () => {
    assert.equal(alloy.split('{').length, alloy.split('}').length);
    const components = [...alloy.matchAll(/^([a-z]+(?:\.[a-z]+)+) "(\w+)" \{$/gm)].map(
      ([, kind, label]) => `${kind}.${label}`,
    );
    const references = [
      ...alloy.matchAll(/\b((?:discovery|loki)(?:\.\w+)+)\.(?:targets|output|receiver)\b/g),
    ].map(([, name]) => name ?? '');
    assert.ok(components.length >= 4 && references.length >= 3);
    assert.deepEqual(
      references.filter((name) => !components.includes(name)),
      [],
    );
  });

  it('puts the label on lines by which the agent asks for them', () => {
    const [, label = ''] = /^\{(\w+)=/.exec(LOKI_QUERY_DEFAULT) ?? [];
    assert.match(
      alloy,
      new RegExp(
        `__meta_docker_container_label_com_docker_compose_service"\\]\\s+target_label\\s+= "${label}"`,
      ),
    );
  });

  it('reads through the proxy that only looks, and from the environment where that is', () => {
    assert.match(alloy, /host\s+= sys\.env\("DOCKER_HOST"\)/);
    assert.doesNotMatch(alloy, /docker\.sock/);
    assert.equal(services['alloy']?.environment?.['DOCKER_HOST'], 'tcp://socket-proxy-read:2375');
    assert.equal(services['socket-proxy-read']?.environment?.['MPA_PROXY_READ_ONLY'], '1');
  });
});

describe('Loki', () => {
  const loki: unknown = parse(text('loki/loki.yml'));
  const at = (...path: readonly string[]): unknown =>
    path.reduce(
      (value: unknown, key) => (value instanceof Object ? Reflect.get(value, key) : undefined),
      loki,
    );

  it('deletes what is old: without these two together nothing is ever deleted', () => {
    assert.equal(at('compactor', 'retention_enabled'), true);
    assert.equal(at('compactor', 'delete_request_store'), 'filesystem');
  });

  it('keeps and gives as much as check_logs can be asked for', () => {
    const checkLogs = actionOf('check_logs');
    assert.equal(at('limits_config', 'retention_period'), '168h');
    checkLogs.parse({ since: '168h', lines: 5_000 });
    assert.throws(() => checkLogs.parse({ since: '169h' }));
    assert.equal(at('limits_config', 'max_entries_limit_per_query'), 5_000);
    assert.throws(() => checkLogs.parse({ lines: 5_001 }));
  });

  it('writes where its volume is', () => {
    const paths = [...text('loki/loki.yml').matchAll(/: (\/\S+)/g)].map(([, path]) => path ?? '');
    assert.ok(paths.length > 2);
    assert.deepEqual(
      paths.filter((path) => !path.startsWith('/loki')),
      [],
    );
    assert.ok(services['loki']?.volumes?.includes('loki-data:/loki'));
  });
});

describe('an address in the files of Grafana, Alloy and the agent', () => {
  const files = ['grafana/provisioning/datasources/datasources.yml', 'alloy/config.alloy', 'mpa.yml'];
  for (const file of files) {
    it(`is that of a service of the stack: ${file}`, () => {
      const hosts = [...text(file).matchAll(/\bhttp:\/\/([a-z0-9-]+):\d+/g)].map(([, host]) => host ?? '');
      assert.ok(hosts.length > 0);
      const known = new Set([...Object.keys(services), '127']);
      assert.deepEqual(
        hosts.filter((host) => !known.has(host)),
        [],
      );
    });
  }
});

it('Grafana finds the dashboards where they are mounted', () => {
  const [, path = ''] = /path: (\S+)/.exec(text('grafana/provisioning/dashboards/dashboards.yml')) ?? [];
  assert.ok(services['grafana']?.volumes?.includes(`./monitoring/grafana/dashboards:${path}:ro`));
  assert.ok(existsSync(join(monitoringFolder, 'grafana/dashboards/fleet.json')));
});
