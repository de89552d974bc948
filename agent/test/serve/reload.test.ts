import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { AnalystSettings } from '../../src/analystSettings.ts';
import type { Config } from '../../src/config/load.ts';
import { incidentsSchema } from '../../src/http/apiSchemas.ts';
import { Secret } from '../../src/secret.ts';
import { startAgent } from '../../src/serve/agent.ts';
import { SystemClock } from '../../src/systemClock.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { configOf } from '../config/load.ts';
import { settings } from '../diagnosis/analyst/scene.ts';

const WORD = 'blue-heron';

/** An agent that listens, whose next configuration a test chooses. */
async function openAgent() {
  await using cleanup = new AsyncDisposableStack();
  const folder = cleanup.use(await mkdtempDisposable(join(tmpdir(), 'mpa-reload-')));
  const first = configOf(
    JSON.stringify({
      server: { listen: '127.0.0.1:0' },
      journal: { path: join(folder.path, 'journal.db') },
      discovery: { by: [] },
      targets: { shop: { runtime: 'local', process: { command: ['true'] }, mode: 'observe' } },
    }),
  );
  const clock = new SystemClock();
  let next: Config | Promise<Config> = first;
  const agent = await startAgent({
    version: 'test',
    clock,
    log: openLog({ level: 'error', format: 'json', isTty: false, clock, write: () => undefined }),
    config: first,
    reload: async () => next,
    environment: {},
    endsProcesses: true,
  });
  cleanup.defer(() => agent.stop('the test is over'));
  /** What an operator, with a token or without, is told of. */
  const incidents = async (token?: string, path = '') =>
    fetch(`${agent.url}/api/v1/incidents${path}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  const owned = cleanup.move();
  return {
    first,
    reload: (config: Config | Promise<Config>) => {
      next = config;
      return agent.reload();
    },
    incidents,
    /** All that is told of the one incident, however far it has come meanwhile. */
    story: async (token?: string) => {
      const { incidents: all } = incidentsSchema.parse(await (await incidents(token)).json());
      return (await incidents(token, `/${all[0]?.id}`)).text();
    },
    fire: async () => {
      const alert = {
        status: 'firing',
        labels: { alertname: 'Slow', service: 'shop' },
        annotations: { summary: `it says ${WORD}` },
        startsAt: new Date(clock.now()).toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: '0123456789abcdef',
      };
      const body = {
        version: '4',
        groupKey: 'g',
        truncatedAlerts: 0,
        status: 'firing',
        receiver: 'agent',
        groupLabels: {},
        commonLabels: {},
        commonAnnotations: {},
        externalURL: '',
        alerts: [alert],
      };
      const headers = { 'content-type': 'application/json' };
      return fetch(`${agent.url}/webhooks/alertmanager`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Another configuration: it redacts the word, and wants a token of operators. */
function other({ settings: before, edge }: Config, analyst: AnalystSettings | null): Config {
  return {
    settings: { ...before, version: 'other' },
    edge: {
      ...edge,
      analyst,
      redaction: { patterns: [WORD] },
      server: { ...edge.server, operatorTokens: [new Secret('a-new-token', 'test')] },
    },
  };
}

test('a reload puts redaction and tokens in force', async () => {
  await using agent = await openAgent();
  assert.deepEqual(await agent.reload(other(agent.first, null)), { settings: 'other' });
  assert.equal((await agent.fire()).status, 200);
  assert.equal((await agent.incidents()).status, 401);
  assert.match(await agent.story('a-new-token'), /it says \[redacted:custom\]/);
});

test('a reload in which one part cannot be had changes no other', async () => {
  await using agent = await openAgent();
  const broken: AnalystSettings = {
    ...settings(),
    get provider(): never {
      throw new Error('this part cannot be had');
    },
  };
  await assert.rejects(agent.reload(other(agent.first, broken)), /this part cannot be had/);
  assert.equal((await agent.fire()).status, 200);
  assert.equal((await agent.incidents()).status, 200);
  assert.match(await agent.story(), new RegExp(`it says ${WORD}`));
});

test('of two reloads at once the later is in force in the end, also where the earlier takes longer', async () => {
  await using agent = await openAgent();
  const { promise, resolve } = Promise.withResolvers<Config>();
  const earlier = agent.reload(promise);
  await setImmediate(); // It has begun, and waits for what it reads.
  const later = agent.reload(other(agent.first, null));
  resolve(agent.first);
  await Promise.all([earlier, later]);
  assert.equal((await agent.incidents()).status, 401, 'the later one wants a token');
});

test('a reload that fails is no reason against the next', async () => {
  await using agent = await openAgent();
  await assert.rejects(agent.reload(Promise.reject(new Error('the file is no YAML'))), /no YAML/);
  assert.deepEqual(await agent.reload(other(agent.first, null)), { settings: 'other' });
});
