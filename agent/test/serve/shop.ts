import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endLast } from './endLast.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const EVENTUALLY_MS = 40_000;

/** What an entry says, as the API tells it. */
export type Body = Readonly<Record<string, unknown>> & { readonly type: string };

type ShopOptions = {
  /** What the process of `shop` writes before it hangs. */
  readonly line: string;
  /** Sections of the configuration, in place of those that are given or beside them. */
  readonly sections?: object;
  /** Files beside the configuration, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Types of entries; the story is told once there is one of each. */
  readonly until: readonly string[];
};

/** What came of a recovery: the entries of its incident, the agent's log, and the bytes of its journal. */
type ShopStory = {
  readonly bodies: readonly Body[];
  readonly log: string;
  readonly journal: Buffer;
};

/** A person asks a whole agent, a process of its own, to recover `shop`, a real process that says why it fails. */
export async function recoverShop(options: ShopOptions): Promise<ShopStory> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-shop-'));
  const pids = join(folder.path, 'pids');
  const written = { ...configuration(options.line, pids), ...options.sections };
  const files = { ...options.files, 'mpa.yml': JSON.stringify(written) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', join(folder.path, 'mpa.yml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.environment },
  });
  const ended = once(child, 'close');
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  try {
    const until = AbortSignal.timeout(EVENTUALLY_MS);
    const url = await look(until, () => /"url":"(http:[^"]+)"/.exec(log)?.[1]);
    // Its words are what it is about.
    await look(until, () => (hasWritten(folder.path, options.line) ? true : undefined));
    const { incident } = await ask(`${url}/api/v1/targets/shop/recover`, { who: 'ann', reason: 'a test' });
    const bodies = await look(until, async () => {
      const { entries } = await ask(`${url}/api/v1/incidents/${incident}`);
      const all = entries.map(({ body }) => body);
      return options.until.every((type) => all.some((body) => body.type === type)) ? all : undefined;
    });
    const journal = globSync('*.db*', { cwd: folder.path }).map((name) =>
      readFileSync(join(folder.path, name)),
    );
    return { bodies, log, journal: Buffer.concat(journal) };
  } finally {
    child.kill('SIGTERM');
    await ended;
    endLast(pids);
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
    ] as readonly object[],
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
type Answered = { readonly incident: string; readonly entries: readonly { readonly body: Body }[] };

async function ask(url: string, body?: object): Promise<Answered> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  return (await fetch(url, sent)).json() as Promise<Answered>;
}
