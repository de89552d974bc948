// A whole agent with an analyst: a real process that fails, a real journal, and a server that speaks OpenAI's protocol.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ModelServer, openAi, type Reply, status } from '../diagnosis/analyst/modelServer.ts';
import { REPORT } from '../diagnosis/analyst/scene.ts';
import { endLast } from './endLast.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const KEY = 'sk-a-key-that-nobody-may-see';
const EVENTUALLY_MS = 40_000;

type Body = Readonly<Record<string, unknown>> & { readonly type: string };

/** The journal of one incident of `shop`, which a person asked to recover, until an entry of each type is there. */
async function incidentUnder(reply: Reply, ...types: readonly string[]) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-analyst-'));
  await using server = await ModelServer.start(reply);
  await writeFile(join(folder.path, 'key'), KEY);
  await writeFile(
    join(folder.path, 'mpa.yml'),
    JSON.stringify(configuration(server.url, join(folder.path, 'spoken'))),
  );
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', join(folder.path, 'mpa.yml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // What somebody else's program wants traced is no business of the agent's.
    env: {
      ...process.env,
      LANGSMITH_TRACING: 'true',
      LANGSMITH_ENDPOINT: server.url,
      LANGSMITH_API_KEY: 'k',
    },
  });
  const ended = once(child, 'close');
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  try {
    const until = AbortSignal.timeout(EVENTUALLY_MS);
    const url = await look(until, () => /"url":"(http:[^"]+)"/.exec(log)?.[1]);
    // Its words are what the model is to be asked about.
    await look(until, () => existsSync(join(folder.path, 'spoken')) || undefined);
    const { incident } = await post(`${url}/api/v1/targets/shop/recover`, { who: 'ann', reason: 'a test' });
    const bodies = await look(until, async () => {
      const { entries } = await get(`${url}/api/v1/incidents/${incident}`);
      const all = entries.map(({ body }) => body);
      return types.every((type) => all.some((body) => body.type === type)) ? all : undefined;
    });
    return { bodies, received: server.received, log };
  } finally {
    child.kill('SIGTERM');
    await ended;
    endLast(join(folder.path, 'spoken'));
  }
}

function configuration(base_url: string, spoken: string) {
  // Words that no rule knows: what is done is the analyst's doing.
  const script =
    "console.log('the flux is out of phase'); fs.appendFileSync(process.argv[1], process.pid + '\\n'); setInterval(() => 0, 1e6)";
  return {
    server: { listen: '127.0.0.1:0' },
    discovery: { by: [] },
    analyst: { provider: 'openai', model: 'm', base_url, api_key_file: 'key', timeout: '30s' },
    incident: { evidence: '1s' },
    guards: { grace: { after_start: '0s' } },
    targets: {
      shop: {
        runtime: 'local',
        process: { command: [process.execPath, '-e', script, spoken], stop_timeout: '1s' },
        probes: [{ type: 'tcp', host: '127.0.0.1', port: 9 }],
        verification: { soak: '0s', timeout: '1s' },
      },
    },
    default_strategies: false,
    strategies: [
      {
        name: 'restart-it',
        sources: ['person'],
        steps: [{ action: 'restart' }, { action: 'escalate_to_human' }],
      },
      { name: 'tell-someone', sources: ['probe', 'person'], steps: [{ action: 'escalate_to_human' }] },
    ],
  };
}

async function look<T>(until: AbortSignal, seen: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const value = await seen();
    if (value !== undefined && value !== null) return value;
    await pause(50, undefined, { signal: until });
  }
}

/** The API's own answers; what is in them is looked at by the tests. */
type Answered = { readonly incident: string; readonly entries: readonly { readonly body: Body }[] };

async function get(url: string): Promise<Answered> {
  return (await fetch(url)).json() as Promise<Answered>;
}

async function post(url: string, body: object): Promise<Answered> {
  const headers = { 'content-type': 'application/json' };
  return (
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  ).json() as Promise<Answered>;
}

describe('an agent with an analyst', () => {
  it('asks it before the first step, with the evidence, and is more careful by its word', async () => {
    const reply = openAi({
      calls: [{ name: 'report', args: { ...REPORT, causes: [{ ...REPORT.causes[0], citations: ['E1'] }] } }],
    });
    const { bodies, received, log } = await incidentUnder(reply, 'analysis-ended', 'escalated');
    const ended = bodies.find(({ type }) => type === 'analysis-ended');
    assert.equal(ended?.['code'], 'answered', JSON.stringify(ended));
    assert.equal(received.length, 1);
    assert.match(received[0]?.text ?? '', /the flux is out of phase/);
    assert.equal(
      bodies.some(({ type }) => type === 'mutation-started'),
      false,
      JSON.stringify(bodies),
    );
    assert.ok(bodies.some(({ type }) => type === 'plan-tempered'));
    assert.ok(![JSON.stringify(bodies), log, received[0]?.text].some((text) => text?.includes(KEY)));
  });

  it('goes on by its rules alone where the model is down, and says so', async () => {
    const { bodies, received } = await incidentUnder(status(500, 'down'), 'analysis-ended', 'escalated');
    const ended = bodies.find(({ type }) => type === 'analysis-ended');
    assert.deepEqual([ended?.['code'], ended?.['analysis']], ['unavailable', null]);
    assert.match(String(ended?.['reason']), /answered 500: .*down/);
    assert.equal(received.length, 1);
    assert.ok(
      bodies.some(({ type }) => type === 'mutation-started'),
      JSON.stringify(bodies.map(({ type }) => type)),
    );
  });
});
