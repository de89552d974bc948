// A whole agent: a real process that says why it fails, a real journal, and the rules of its configuration.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endLast } from './endLast.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const EVENTUALLY_MS = 40_000;
const SECRET = 'fake-pass-of-nobody';

type Body = Readonly<Record<string, unknown>> & { readonly type: string };
type Answered = { readonly incident: string; readonly entries: readonly { readonly body: Body }[] };

/** What the journal holds, once a person was called, of an incident of a process that wrote `line` and hangs. */
async function incidentOf(line: string, sections: object = {}) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-diagnosis-'));
  await writeFile(
    join(folder.path, 'mpa.yml'),
    JSON.stringify({ ...configuration(line, join(folder.path, 'pids')), ...sections }),
  );
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', join(folder.path, 'mpa.yml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  try {
    const until = AbortSignal.timeout(EVENTUALLY_MS);
    const url = await look(until, () => /"url":"(http:[^"]+)"/.exec(log)?.[1]);
    await look(until, () => (hasWritten(folder.path, line) ? true : undefined));
    const { incident } = await ask(`${url}/api/v1/targets/shop/recover`, { who: 'ann', reason: 'a test' });
    const bodies = await look(until, async () => {
      const { entries } = await ask(`${url}/api/v1/incidents/${incident}`);
      const all = entries.map(({ body }) => body);
      return all.some(({ type }) => type === 'escalated') ? all : undefined;
    });
    const journal = globSync('*.db*', { cwd: folder.path }).map((name) =>
      readFileSync(join(folder.path, name)),
    );
    return { bodies, log, journal: Buffer.concat(journal) };
  } finally {
    child.kill('SIGTERM');
    await ended;
    endLast(join(folder.path, 'pids'));
  }
}

function configuration(line: string, pids: string) {
  const script = `fs.appendFileSync(process.argv[1], process.pid + '\\n'); console.log(${JSON.stringify(line)}); setInterval(() => 0, 1e6)`;
  return {
    server: { listen: '127.0.0.1:0' },
    journal: { path: './journal.db' },
    discovery: { by: [] },
    incident: { evidence: '1s' },
    guards: { grace: { after_start: '0s' } },
    targets: {
      shop: {
        runtime: 'local',
        process: { command: [process.execPath, '-e', script, pids], stop_timeout: '1s' },
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
    ],
  };
}

function hasWritten(folder: string, line: string): boolean {
  return globSync('processes/**/*', { cwd: folder, withFileTypes: true })
    .filter((file) => file.isFile())
    .some((file) => readFileSync(join(file.parentPath, file.name), 'utf8').includes(`${line}\n`));
}

async function look<T>(until: AbortSignal, seen: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const value = await seen();
    if (value !== undefined && value !== null) return value;
    await pause(50, undefined, { signal: until });
  }
}

/** The API's own answers; what is in them is looked at by the tests. */
async function ask(url: string, body?: object): Promise<Answered> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  return (await fetch(url, sent)).json() as Promise<Answered>;
}

const restarted = (bodies: readonly Body[]) => bodies.some(({ type }) => type === 'mutation-started');
const reasonOf = (bodies: readonly Body[]) =>
  String(bodies.find(({ type }) => type === 'escalated')?.['reason']);

describe('an agent that diagnoses', () => {
  it('restarts nothing where a restart cannot help, and calls a person with the cause and its line', async () => {
    const { bodies } = await incidentOf(
      'fatal: tls: x509: certificate has expired or is not yet valid: current time 2026-01-10T10:11:12Z is after 2026-01-01T00:00:00Z',
    );
    assert.equal(restarted(bodies), false, JSON.stringify(bodies));
    assert.match(reasonOf(bodies), /A TLS certificate has expired \(E\d+:1\), and a restart cannot help/);
  });

  it('restarts where it may help', async () => {
    const { bodies } = await incidentOf('accept4: too many open files; retrying in 1s');
    assert.equal(restarted(bodies), true, JSON.stringify(bodies));
  });

  it('goes by the patterns of the configuration', async () => {
    const line = 'the licence server does not answer';
    const own = {
      name: 'licence-server-away',
      expression: 'licence server does not answer',
      cause: 'The licence server is away.',
      confidence: 0.9,
      restart_helps: 'no',
      remedy: 'Start it.',
      example: line,
    };
    const { bodies } = await incidentOf(line, { diagnosis: { patterns: [own] } });
    assert.equal(restarted(bodies), false, JSON.stringify(bodies));
    assert.match(reasonOf(bodies), /The licence server is away .*Start it\./);
  });

  it('takes secrets out before anything is kept, also those that only the configuration knows', async () => {
    const line = `login with password=${SECRET} and CUST-004711 failed: No space left on device`;
    const { bodies, log, journal } = await incidentOf(line, { redaction: { patterns: ['CUST-\\d{6}'] } });
    const told = JSON.stringify(bodies);
    assert.match(told, /login with password=\[redacted:password\] and \[redacted:custom\] failed/);
    assert.ok(journal.includes('[redacted:password]'));
    for (const secret of [SECRET, 'CUST-004711'])
      for (const place of [told, log, journal]) assert.ok(!place.includes(secret));
  });
});
