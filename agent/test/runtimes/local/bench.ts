import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Instance, LocalProcess, Target } from '../../../src/core/target.ts';
import { LocalRuntime, type LocalRuntimeParts } from '../../../src/runtimes/local/localRuntime.ts';
import { markerPrefix } from '../../../src/runtimes/local/marker.ts';
import { openProcessTable } from '../../../src/runtimes/local/openProcessTable.ts';
import { SystemClock } from '../../../src/systemClock.ts';
import { targetWith } from '../../sources/targets.ts';

export const clock = new SystemClock();
export const table = openProcessTable();
const EVENTUALLY_MS = 10_000;

/** A signal for one call that is expected to end. */
export const inTime = () => AbortSignal.timeout(20_000);

/** Looks until what is seen is accepted; fails with what was seen last. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  accept: (seen: T) => boolean,
): Promise<T> {
  const giveUpAt = clock.monotonic() + EVENTUALLY_MS;
  for (;;) {
    const seen = await look();
    if (accept(seen)) return seen;
    if (clock.monotonic() > giveUpAt) assert.fail(`waited for ${what}; last seen: ${JSON.stringify(seen)}`);
    await clock.sleep(20);
  }
}

/** A state folder for one test. Disposing it kills whatever was started under it, by whichever agent, and removes it. */
export async function openFolder() {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'mpa-local-')));
  const [agent] = markerPrefix(path, '').split('/');
  const living = () => table.marked(`${agent}/`);
  return {
    path,
    /** All living processes that carry the marker of this folder. */
    living,
    [Symbol.asyncDispose]: async () => {
      await eventually(
        'all processes of the test to end',
        async () => {
          const left = await living();
          for (const { pid } of left) kill(pid, 'SIGKILL');
          return left;
        },
        (left) => left.length === 0,
      );
      // An exit that was heard only now may still be written down.
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** A runtime over a folder; what it warns of fails no test but can be asked. */
export async function openRuntime(folder: string, rest: Partial<LocalRuntimeParts> = {}) {
  const warnings: string[] = [];
  const runtime = await LocalRuntime.open({
    folder,
    clock,
    warn: (sentence) => warnings.push(sentence),
    ...rest,
  });
  return { runtime, warnings, [Symbol.asyncDispose]: () => runtime.close() };
}

/** Signals a process of the test; one that is gone is fine. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ESRCH') throw error;
  }
}

/** A target whose process is the test service. */
export function serviceTarget(
  name: string,
  env: Record<string, string> = {},
  rest: Partial<LocalProcess> = {},
): Target {
  const command = [process.execPath, join(import.meta.dirname, 'service.ts')];
  const definition = { command, cwd: null, env, stopTimeoutMs: 2_000, ...rest };
  return targetWith([], { name, selector: { by: 'process', process: definition } });
}

export async function look(runtime: LocalRuntime, target: Target): Promise<Instance> {
  const [instance] = await runtime.instances(target, inTime());
  assert.ok(instance !== undefined);
  return instance;
}

/** The process that runs for the target, and leads its group; fails when there is not exactly one. */
export async function leaderOf(folder: string, target: Target) {
  const marked = await table.marked(markerPrefix(folder, target.name));
  const leaders = marked.filter(({ pid, group }) => pid === group);
  assert.equal(leaders.length, 1, `${leaders.length} leaders`);
  const [leader] = leaders;
  assert.ok(leader !== undefined);
  return leader;
}

/** Waits until the service has printed: then it hears signals, too. */
export async function printed(runtime: LocalRuntime, target: Target, text: string): Promise<void> {
  const instance = await look(runtime, target);
  const options = { lines: 1_000, since: null, maxBytes: 1_000_000 };
  await eventually(
    `"${text}" in the log`,
    async () => (await runtime.logs(instance, options, inTime())).text,
    (log) => log.includes(text),
  );
}
