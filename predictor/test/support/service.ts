import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bar } from '../../src/series/bar.ts';
import { type Running, type StartOptions, startService } from '../../src/service/start.ts';

export const TOKEN = 'a-token-for-tests-only';
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

export interface TestService extends AsyncDisposable {
  readonly running: Running;
  /** An answer without its headers. */
  get(url: string): Promise<Answer>;
  post(url: string, body?: object): Promise<Answer>;
  delete(url: string): Promise<Answer>;
  /** The value of a metric whose line begins with `name{labels}`; NaN where there is none. */
  metric(start: string): Promise<number>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by the names that users see
  readonly json: any;
}

/** A service in this process, over fastify's inject, with a token and faults allowed. */
export async function testService(
  options: Partial<StartOptions> = {},
  symbols: Record<string, readonly Bar[]> = {},
): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'predictor-test-'));
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, `${TOKEN}\n`);
  const newest = Object.values(symbols)[0]?.at(-1)?.time ?? Date.UTC(2020, 0, 1);
  const running = await startService({
    databasePath: join(folder, 'predictor.sqlite'),
    sources: [],
    tokenFile,
    allowFaults: true,
    logLevel: 'silent',
    now: () => newest + 86_400_000,
    ...options,
  });
  await running.predictor.load();
  for (const [symbol, bars] of Object.entries(symbols))
    await running.predictor.addBars(symbol, bars, { refuseConflicts: true });

  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<Answer> => {
    const reply = await running.app.inject({
      method,
      url,
      headers: AUTHORIZED,
      ...(body === undefined ? {} : { payload: body }),
    });
    const type = String(reply.headers['content-type'] ?? '');
    return {
      status: reply.statusCode,
      type,
      text: reply.payload,
      json: type.includes('json') ? reply.json() : undefined,
    };
  };
  return {
    running,
    get: (url) => ask('GET', url),
    post: (url, body) => ask('POST', url, body),
    delete: (url) => ask('DELETE', url),
    async metric(start) {
      const line = (await ask('GET', '/metrics')).text.split('\n').find((text) => text.startsWith(start));
      return Number(line?.slice(line.lastIndexOf(' ')) ?? Number.NaN);
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition, which is what tests do in place of sleeping; gives up loudly. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
