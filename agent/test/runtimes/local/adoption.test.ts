import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { runOf, type Target } from '../../../src/core/target.ts';
import type { ProcessRecord } from '../../../src/runtimes/local/record.ts';
import { fileNameOf } from '../../../src/runtimes/local/recordStore.ts';
import {
  eventually,
  inTime,
  kill,
  leaderOf,
  look,
  openFolder,
  openRuntime,
  printed,
  serviceTarget,
  table,
} from './bench.ts';

/** Lets another agent start the target, and kills that agent with SIGKILL; by itself at the moment `die`, if given. */
async function startedByKilledAgent(folder: string, target: Target, die?: string): Promise<void> {
  const args = [join(import.meta.dirname, 'supervisor.ts'), folder, JSON.stringify(target)];
  const agent = spawn(process.execPath, die === undefined ? args : [...args, die], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(agent, 'exit');
  try {
    if (die === undefined) await once(agent.stdout, 'data');
  } finally {
    if (die === undefined) agent.kill('SIGKILL');
  }
  assert.deepEqual(await exit, [null, 'SIGKILL']);
}

function recordPath(folder: string, { name }: Target): string {
  return join(folder, `${fileNameOf(name)}.json`);
}

async function changeRecord(folder: string, target: Target, change: (record: ProcessRecord) => object) {
  const path = recordPath(folder, target);
  // Written by the code under test, which reads it by its schema.
  const record = JSON.parse(await readFile(path, 'utf8')) as ProcessRecord;
  await writeFile(path, JSON.stringify(change(record)));
}

async function waitForEnd(folder: { living(): Promise<readonly unknown[]> }): Promise<void> {
  await eventually(
    'the process to end',
    () => folder.living(),
    (living) => living.length === 0,
  );
}

const target = serviceTarget('shop', { PRINTS: '["shop runs"]' });

test('a process goes on when its agent is killed, and the next agent adopts the same run', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target);
  const leader = await leaderOf(folder.path, target);
  const record = await readFile(recordPath(folder.path, target), 'utf8');

  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'adopted');
  const adopted = await look(next.runtime, target);
  assert.equal(adopted.status, 'running');
  assert.equal((await leaderOf(folder.path, target)).identity, leader.identity);
  assert.equal(await readFile(recordPath(folder.path, target), 'utf8'), record);

  await printed(next.runtime, target, 'shop runs');
  await next.runtime.restart(adopted, { stopTimeoutMs: 2_000 }, inTime());
  const restarted = await look(next.runtime, target);
  assert.notEqual(runOf(restarted), runOf(adopted));
  assert.notEqual((await leaderOf(folder.path, target)).pid, leader.pid);
  await printed(next.runtime, target, 'shop runs\nSIGTERM\nshop runs');
});

test('an agent that is killed between the spawn and its record leaves a process that is found and not doubled', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target, 'before-record');
  const leader = await leaderOf(folder.path, target);

  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'adopted');
  assert.equal((await leaderOf(folder.path, target)).identity, leader.identity);
  const { startedAt } = await look(next.runtime, target);
  assert.equal(
    leader.marker.split('/').at(-1),
    String(startedAt),
    'the run has the identity it was started with',
  );
});

test('an agent that is killed before the spawn leaves nothing, and the next one starts', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target, 'before-spawn');
  assert.equal((await folder.living()).length, 0);
  await using next = await openRuntime(folder.path);
  assert.equal((await look(next.runtime, target)).status, 'created');
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'started');
  assert.equal((await folder.living()).length, 1);
});

test('a process whose record was lost is adopted as the run it is', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target);
  const before = await leaderOf(folder.path, target);
  await rm(recordPath(folder.path, target));
  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'adopted');
  assert.equal((await leaderOf(folder.path, target)).pid, before.pid);
  assert.equal(before.marker.split('/').at(-1), String((await look(next.runtime, target)).startedAt));
});

for (const [what, text] of [
  ['garbage', '\0\0\0\0'],
  ['empty', ''],
  ['cut off', '{"v":1,"name":"shop","createdAt":17'],
  ['of another version', '{"v":2}'],
  ['of another process', '{"v":1,"name":"x","createdAt":1,"state":{"kind":"created"},"launching":null}'],
] as const) {
  test(`a process whose record is ${what} is adopted, and the record is set aside with a warning`, async () => {
    await using folder = await openFolder();
    await startedByKilledAgent(folder.path, target);
    await writeFile(recordPath(folder.path, target), text);
    await using next = await openRuntime(folder.path);
    assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'adopted');
    assert.equal((await folder.living()).length, 1);
    assert.match(next.warnings.join('\n'), /record of process shop could not be read/);
    assert.ok((await readdir(folder.path)).some((name) => name.endsWith('.unreadable')));
  });
}

test('a stranger that has the pid of a process that ended is never touched', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target);
  kill((await leaderOf(folder.path, target)).pid, 'SIGKILL');
  await waitForEnd(folder);
  await using stranger = await startStranger();
  await changeRecord(folder.path, target, (record) => ({
    ...record,
    // The pid was given to another process since: same pid, another start.
    state:
      record.state.kind === 'running'
        ? { ...record.state, run: { ...record.state.run, pid: stranger.pid } }
        : {},
  }));

  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'left-ended');
  const ended = await look(next.runtime, target);
  assert.equal(ended.status, 'exited');
  await next.runtime.restart(ended, { stopTimeoutMs: 0 }, inTime());
  assert.equal((await look(next.runtime, target)).status, 'running');
  await next.runtime.stopAll(inTime());
  assert.equal(table.facts(stranger.pid)?.identity, stranger.identity, 'the stranger lives');
});

test('a process that ended while no agent was there is left to the recovery, with what is known of it', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target);
  kill((await leaderOf(folder.path, target)).pid, 'SIGKILL');
  await waitForEnd(folder);
  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'left-ended');
  const ended = await look(next.runtime, target);
  assert.deepEqual([ended.status, ended.exitCode], ['exited', null]);
  await next.runtime.start(ended, inTime());
  assert.notEqual(runOf(await look(next.runtime, target)), runOf(ended));
});

test('a process that ended with the machine is started again', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target);
  kill((await leaderOf(folder.path, target)).pid, 'SIGKILL');
  await waitForEnd(folder);
  await changeRecord(folder.path, target, (record) => ({
    ...record,
    state:
      record.state.kind === 'running'
        ? { ...record.state, run: { ...record.state.run, boot: 'an earlier one' } }
        : {},
  }));
  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'started');
});

test('the end of an adopted process is noticed and recorded without anybody asking', async () => {
  await using folder = await openFolder();
  await startedByKilledAgent(folder.path, target);
  await using next = await openRuntime(folder.path);
  await next.runtime.ensureStarted(target, inTime());
  kill((await leaderOf(folder.path, target)).pid, 'SIGKILL');
  await eventually(
    'the record to say so',
    () => readFile(recordPath(folder.path, target), 'utf8'),
    (text) => text.includes('"ended"'),
  );
});

test('processes of another agent, with another folder, are not adopted', async () => {
  await using folder = await openFolder();
  await using other = await openFolder();
  await startedByKilledAgent(other.path, target);
  const others = await leaderOf(other.path, target);
  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'started');
  await next.runtime.stopAll(inTime());
  assert.equal((await leaderOf(other.path, target)).identity, others.identity);
});

/** A process that has nothing to do with us. */
async function startStranger() {
  const child: ChildProcess = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  const { pid } = child;
  assert.ok(pid !== undefined);
  const facts = table.facts(pid);
  assert.ok(facts !== null);
  return {
    pid,
    identity: facts.identity,
    [Symbol.asyncDispose]: async () => {
      const exit = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await exit;
      }
    },
  };
}
