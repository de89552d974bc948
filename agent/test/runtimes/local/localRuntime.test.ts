import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { EvidencePiece } from '../../../src/core/evidence.ts';
import { runOf } from '../../../src/core/target.ts';
import { RuntimeError } from '../../../src/errors.ts';
import type { ProcessRecord } from '../../../src/runtimes/local/record.ts';
import { FileRecordStore, type RecordStore } from '../../../src/runtimes/local/recordStore.ts';
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
} from './bench.ts';

const target = serviceTarget('shop', { PRINTS: '["shop runs"]' });
const stubborn = serviceTarget('shop', { PRINTS: '["shop runs"]', IGNORE_SIGTERM: '1' });
const ALL_LOGS = { lines: 1_000, since: null, maxBytes: 1_000_000 };

function failed(pattern: RegExp, applied: RuntimeError['applied']) {
  return (error: unknown) => {
    assert.ok(error instanceof RuntimeError, String(error));
    assert.match(error.message, pattern);
    assert.equal(error.applied, applied);
    return true;
  };
}

test('looking at a target starts nothing', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const created = await look(it.runtime, target);
  assert.deepEqual([created.status, created.startedAt, created.supervised], ['created', null, false]);
  assert.deepEqual(await folder.living(), []);
});

test('a process that dies is not brought back by the runtime', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  await it.runtime.ensureStarted(target, inTime());
  kill((await leaderOf(folder.path, target)).pid, 'SIGKILL');
  const ended = await eventually(
    'it to have ended',
    () => look(it.runtime, target),
    ({ status }) => status === 'exited',
  );
  assert.equal(ended.exitCode, 137, '128 and the number of SIGKILL');
  assert.equal((await it.runtime.ensureStarted(target, inTime())).did, 'left-ended');
  assert.deepEqual(await folder.living(), []);
});

test('an agent that ends leaves its processes running', async () => {
  await using folder = await openFolder();
  {
    await using it = await openRuntime(folder.path);
    await it.runtime.ensureStarted(target, inTime());
  }
  assert.equal((await folder.living()).length, 1);
});

test('what was stopped by order is started by the next agent', async () => {
  await using folder = await openFolder();
  {
    await using it = await openRuntime(folder.path);
    await it.runtime.ensureStarted(target, inTime());
    await it.runtime.stopAll(inTime());
    assert.deepEqual(await folder.living(), []);
  }
  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'started');
});

test('a restart ends what the process had started and what outlived it', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const forking = serviceTarget('shop', { PRINTS: '["shop runs"]', FORK: '1' });
  await it.runtime.ensureStarted(forking, inTime());
  await printed(it.runtime, forking, 'fork runs');
  const before = await folder.living();
  assert.equal(before.length, 2);
  const first = before.find(({ parent }) => parent === process.pid);
  assert.ok(first !== undefined);
  kill(first.pid, 'SIGKILL');
  const ended = await eventually(
    'it to have ended',
    () => look(it.runtime, forking),
    ({ status }) => status === 'exited',
  );
  assert.equal((await folder.living()).length, 1, 'the fork holds on');

  await it.runtime.restart(ended, { stopTimeoutMs: 0 }, inTime());
  const after = (await folder.living()).map(({ pid }) => pid);
  assert.ok(!before.some(({ pid }) => after.includes(pid)));
});

test('a process that is frozen is restarted, and hears SIGTERM first', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  await it.runtime.ensureStarted(target, inTime());
  await printed(it.runtime, target, 'shop runs');
  kill((await leaderOf(folder.path, target)).pid, 'SIGSTOP');
  const frozen = await look(it.runtime, target);
  await it.runtime.restart(frozen, { stopTimeoutMs: 10_000 }, inTime());
  assert.notEqual(runOf(await look(it.runtime, target)), runOf(frozen));
  await printed(it.runtime, target, 'SIGTERM\nshop runs');
});

test('a restart that has begun is finished when its caller has gone', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  await it.runtime.ensureStarted(stubborn, inTime());
  await printed(it.runtime, stubborn, 'shop runs');
  const before = await look(it.runtime, stubborn);
  const caller = new AbortController();
  const restart = it.runtime.restart(before, { stopTimeoutMs: 500 }, caller.signal);
  await printed(it.runtime, stubborn, 'SIGTERM');
  caller.abort();
  await assert.rejects(restart, failed(/did not answer in time/, 'maybe'));
  await eventually(
    'another run',
    () => look(it.runtime, stubborn),
    (seen) => seen.status === 'running' && runOf(seen) !== runOf(before),
  );
});

test('two restarts at once are made one after the other', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  await it.runtime.ensureStarted(target, inTime());
  const before = await look(it.runtime, target);
  await Promise.all([
    it.runtime.restart(before, { stopTimeoutMs: 1_000 }, inTime()),
    it.runtime.restart(before, { stopTimeoutMs: 1_000 }, inTime()),
    it.runtime.start(before, inTime()),
  ]);
  assert.equal((await folder.living()).length, 1);
  assert.equal((await look(it.runtime, target)).status, 'running');
});

test('a program that cannot be started is said in words, and the runtime goes on', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const wrong = serviceTarget('wrong', {}, { command: ['/no/such/program'] });
  await assert.rejects(
    it.runtime.ensureStarted(wrong, inTime()),
    failed(/\/no\/such\/program cannot be started: there is no such program/, 'no'),
  );
  const nowhere = serviceTarget('nowhere', {}, { cwd: '/no/such/folder' });
  await assert.rejects(
    it.runtime.ensureStarted(nowhere, inTime()),
    failed(/there is no folder \/no\/such\/folder/, 'no'),
  );
  assert.equal((await look(it.runtime, wrong)).status, 'created');
  const mended = { ...serviceTarget('wrong') };
  assert.equal((await it.runtime.ensureStarted(mended, inTime())).did, 'started');
});

test('a program that ends at once is seen as ended with its exit code', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const brief = serviceTarget('brief', {}, { command: ['/bin/sh', '-c', 'echo no model; exit 7'] });
  await it.runtime.ensureStarted(brief, inTime());
  const ended = await eventually(
    'it to have ended',
    () => look(it.runtime, brief),
    ({ status }) => status === 'exited',
  );
  assert.equal(ended.exitCode, 7);
  assert.equal((await it.runtime.logs(ended, ALL_LOGS, inTime())).text, 'no model');
});

test('evidence keeps apart what the run before wrote: it explains no end of this one', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const script =
    'if test -e ran; then echo no configuration; exit 1; fi; touch ran; echo heap is full; exit 134';
  const brief = serviceTarget('brief', {}, { command: ['/bin/sh', '-c', script], cwd: folder.path });
  await it.runtime.ensureStarted(brief, inTime());
  const endedWith = (code: number) =>
    eventually(
      `it to have ended with ${code}`,
      () => look(it.runtime, brief),
      ({ exitCode }) => exitCode === code,
    );
  await it.runtime.restart(await endedWith(134), { stopTimeoutMs: 0 }, inTime());
  const logs: EvidencePiece[] = [];
  const found = (piece: EvidencePiece) => piece.kind === 'logs' && logs.push(piece);
  await it.runtime.evidence(await endedWith(1), found, inTime(), Number.POSITIVE_INFINITY);
  assert.deepEqual(
    logs.map(({ text, run, side }) => [text, run, side]),
    [
      ['heap is full', 'earlier', 'before'],
      ['no configuration', undefined, 'before'],
    ],
  );
});

test('a process gets the environment of its configuration, and nothing secret of the agent’s own', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const command = ['/bin/sh', '-c', 'env'];
  const curious = serviceTarget('curious', { COLOUR: 'green' }, { command });
  process.env['MPA_TEST_SECRET'] = 'agent-only';
  try {
    await it.runtime.ensureStarted(curious, inTime());
  } finally {
    delete process.env['MPA_TEST_SECRET'];
  }
  await printed(it.runtime, curious, 'COLOUR=green');
  const { text } = await it.runtime.logs(await look(it.runtime, curious), ALL_LOGS, inTime());
  assert.match(text, /^PATH=/m);
  assert.doesNotMatch(text, /agent-only/);
});

test('evidence tells no argument and no value of the environment', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const secretive = serviceTarget('shop', { TOKEN: 'hunter2' }, { command: ['/bin/sleep', '600'] });
  await it.runtime.ensureStarted(secretive, inTime());
  const texts: string[] = [];
  const instance = await look(it.runtime, secretive);
  await it.runtime.evidence(
    instance,
    ({ kind, text }) => void texts.push(`${kind}\n${text}`),
    inTime(),
    null,
  );
  const inspect = texts.find((text) => text.startsWith('inspect'));
  assert.match(inspect ?? '', /^environment: TOKEN$/m);
  assert.match(inspect ?? '', /^program: \/bin\/sleep$/m);
  assert.doesNotMatch(texts.join('\n'), /hunter2|600$/m);
});

test('a changed configuration takes effect at the next start, and is then another revision', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  await it.runtime.ensureStarted(target, inTime());
  const before = await look(it.runtime, target);
  const changed = serviceTarget('shop', { PRINTS: '["shop runs anew"]' });
  assert.equal((await look(it.runtime, changed)).revision, before.revision, 'the old one still runs');
  await it.runtime.restart(before, { stopTimeoutMs: 1_000 }, inTime());
  await printed(it.runtime, changed, 'shop runs anew');
  assert.notEqual((await look(it.runtime, changed)).revision, before.revision);
});

/** Keeps records like the real one, until the test makes it fail. */
class FailingStore implements RecordStore {
  readonly #store: RecordStore;
  fails: (record: ProcessRecord) => boolean = () => false;

  constructor(folder: string) {
    this.#store = new FileRecordStore(folder, assert.fail);
  }

  read(name: string): Promise<ProcessRecord | null> {
    return this.#store.read(name);
  }

  async write(record: ProcessRecord): Promise<void> {
    if (this.fails(record)) throw new Error('no space left on device');
    await this.#store.write(record);
  }
}

test('nothing is started when it cannot be recorded first', async () => {
  await using folder = await openFolder();
  const records = new FailingStore(folder.path);
  await using it = await openRuntime(folder.path, { records });
  records.fails = () => true;
  await assert.rejects(it.runtime.ensureStarted(target, inTime()), failed(/cannot be written/, 'no'));
  assert.deepEqual(await folder.living(), []);
  records.fails = () => false;
  assert.equal((await it.runtime.ensureStarted(target, inTime())).did, 'started');
});

test('a start that cannot be recorded afterwards is still known, and the next agent finds the process', async () => {
  await using folder = await openFolder();
  const records = new FailingStore(folder.path);
  {
    await using it = await openRuntime(folder.path, { records });
    records.fails = ({ launching }) => launching === null;
    await it.runtime.ensureStarted(target, inTime());
    assert.equal((await look(it.runtime, target)).status, 'running');
    assert.match(it.warnings.join('\n'), /no space left on device/);
  }
  await using next = await openRuntime(folder.path);
  assert.equal((await next.runtime.ensureStarted(target, inTime())).did, 'adopted');
  assert.equal((await folder.living()).length, 1);
});

test('names that no file could have, or that look alike, are kept apart', async () => {
  await using folder = await openFolder();
  await using it = await openRuntime(folder.path);
  const names = ['../up', '..', 'a/b', 'a_b', 'A_B', 'ünïcode 🚀', 'x'.repeat(300)];
  const targets = names.map((name) => serviceTarget(name, {}, { command: ['/bin/sleep', '600'] }));
  for (const one of targets)
    assert.equal((await it.runtime.ensureStarted(one, inTime())).did, 'started', one.name);
  assert.equal((await folder.living()).length, names.length);
  await it.runtime.close();
  await using next = await openRuntime(folder.path);
  for (const one of targets)
    assert.equal((await next.runtime.ensureStarted(one, inTime())).did, 'adopted', one.name);
});

test('records and logs are for the agent’s own user alone', async () => {
  await using folder = await openFolder();
  const path = join(folder.path, 'state');
  await using it = await openRuntime(path);
  await it.runtime.ensureStarted(target, inTime());
  const { stat, readdir } = await import('node:fs/promises');
  for (const name of ['', ...(await readdir(path))]) {
    assert.equal((await stat(join(path, name))).mode & 0o077, 0, name);
  }
  await it.runtime.stopAll(inTime());
  const record = (await readdir(path)).find((name) => name.endsWith('.json'));
  assert.match(await readFile(join(path, record ?? ''), 'utf8'), /"by": "order"/);
});
