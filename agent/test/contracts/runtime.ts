import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EvidencePiece } from '../../src/core/evidence.ts';
import { type Instance, runOf, type Target } from '../../src/core/target.ts';
import { failureTime } from '../../src/engine/evidence/failureTime.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { Runtime } from '../../src/ports.ts';

/** What a service for the contract does. It prints its lines at each start, and one more when it hears SIGTERM. */
export type ServiceWish = {
  readonly prints: readonly string[];
  /** It hears SIGTERM and goes on; only SIGKILL ends it. */
  readonly ignoresSigterm: boolean;
};

/** One target with one running instance. */
export type ServiceUnderTest = {
  readonly target: Target;
  /** Makes its process end by itself with exit code 3; nobody brings it back. */
  readonly crash: () => Promise<void>;
};

/** A runtime with services for it to look after; disposing it ends them all. */
export type RuntimeBench = AsyncDisposable & {
  readonly runtime: Runtime;
  run(wish: ServiceWish): Promise<ServiceUnderTest>;
  /** A target that the runtime could look after, and that has no instance. */
  readonly absent: Target;
  /** An instance that the runtime knew, and that is gone. */
  vanished(): Promise<Instance>;
  /** A signal that aborts after so many milliseconds, by the bench's own clock, with a `TimeoutError`. */
  deadline(ms: number): AbortSignal;
  /** Looks again and again until what is seen is accepted, and answers with it; fails after some seconds. */
  eventually<T>(what: string, look: () => Promise<T>, accept: (seen: T) => boolean): Promise<T>;
};

const AMPLE_MS = 20_000;
const LINES = ['one', 'two', 'three', 'four'];
const PLAIN: ServiceWish = { prints: LINES, ignoresSigterm: false };
const STUBBORN: ServiceWish = { prints: LINES, ignoresSigterm: true };
const ALL_LOGS = { lines: 100, since: null, maxBytes: 10_000 };

/** What every runtime must do, whatever runs the processes. `open` is called anew for each case. */
export function runtimeContract(name: string, open: () => Promise<RuntimeBench>): void {
  describe(`the runtime contract: ${name}`, () => {
    lookingCases(open);
    actingCases(open);
    failingCases(open);
  });
}

function lookingCases(open: () => Promise<RuntimeBench>): void {
  it('shows a running instance with the time of its start', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const instance = await only(bench, target);
    assert.equal(instance.status, 'running');
    assert.equal(instance.exitCode, null);
    assert.ok(instance.startedAt !== null && instance.startedAt >= instance.createdAt - 1_000);
    assert.notEqual(instance.revision, '');
  });

  it('shows the same instance at every look', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    assert.deepEqual(await only(bench, target), await only(bench, target));
  });

  it('shows no instance of a target that has none', async () => {
    await using bench = await open();
    await bench.run(PLAIN);
    assert.deepEqual(await bench.runtime.instances(bench.absent, bench.deadline(AMPLE_MS)), []);
  });

  it('shows an instance that ended by itself with its exit code', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    const ended = await crashed(bench, service);
    assert.equal(ended.exitCode, 3);
    assert.ok(ended.finishedAt !== null && ended.startedAt !== null && ended.finishedAt >= ended.startedAt);
  });

  it('gives the last lines of the logs and says that there were more', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const instance = await printed(bench, target);
    const options = { lines: 2, since: null, maxBytes: 10_000 };
    const logs = await bench.runtime.logs(instance, options, bench.deadline(AMPLE_MS));
    assert.deepEqual(logs, { text: 'three\nfour', truncated: true });
  });

  it('gives all of the logs and says that it is all', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const instance = await printed(bench, target);
    const logs = await bench.runtime.logs(instance, ALL_LOGS, bench.deadline(AMPLE_MS));
    assert.deepEqual(logs, { text: LINES.join('\n'), truncated: false });
  });

  it('never gives more of the logs than the bytes asked for', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const instance = await printed(bench, target);
    const options = { lines: 100, since: null, maxBytes: 6 };
    const logs = await bench.runtime.logs(instance, options, bench.deadline(AMPLE_MS));
    assert.ok(Buffer.byteLength(logs.text) <= 6, logs.text);
    assert.match(logs.text, /four$/);
    assert.equal(logs.truncated, true);
  });

  it('gathers evidence about a running instance, each piece as it comes', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const instance = await printed(bench, target);
    const items: EvidencePiece[] = [];
    const found = (item: EvidencePiece) => void items.push(item);
    const { missing } = await bench.runtime.evidence(instance, found, bench.deadline(AMPLE_MS), null);
    assert.deepEqual(missing, []);
    assert.ok(items.some(({ kind, text }) => kind === 'logs' && text.includes('three\nfour')));
    assert.ok(items.some(({ kind, text }) => kind === 'inspect' && text !== ''));
    assert.ok(items.every((item) => item.instance === instance.name));
  });

  it('gathers evidence about an instance that has ended', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    await printed(bench, service.target);
    const ended = await crashed(bench, service);
    const items: EvidencePiece[] = [];
    const found = (item: EvidencePiece) => void items.push(item);
    const { missing } = await bench.runtime.evidence(ended, found, bench.deadline(AMPLE_MS), null);
    assert.deepEqual(missing, []);
    assert.ok(items.some(({ kind, text }) => kind === 'logs' && text.includes('four')));
    assert.ok(items.some(({ kind, text }) => kind === 'inspect' && text.includes('3')));
  });

  it('parts the logs of an instance that was brought back at its failure', async () => {
    await using bench = await open();
    const { target } = await bench.run({ ...PLAIN, prints: LINES.slice(0, 2) });
    const before = await only(bench, target);
    const read = async () => (await bench.runtime.logs(before, ALL_LOGS, bench.deadline(AMPLE_MS))).text;
    await bench.eventually('its two lines', read, (text) => text === 'one\ntwo');
    await bench.runtime.restart(before, { stopTimeoutMs: 0 }, bench.deadline(AMPLE_MS));
    await bench.eventually('them once more', read, (text) => /one\ntwo[\s\S]*one\ntwo$/.test(text));
    const after = await only(bench, target);
    const failedAt = failureTime({ ...after, finishedAt: after.finishedAt ?? after.startedAt }, 0);
    const logs = await logPieces(bench, after, failedAt);
    assert.deepEqual(
      logs.map(({ side }) => side),
      ['before', 'after'],
    );
    assert.match(logs[0]?.text ?? '', /^one\ntwo(\nSIGTERM)?$/);
    assert.equal(logs[1]?.text, 'one\ntwo');
  });

  it('gives all logs of an instance that has ended as written before its failure', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    await printed(bench, service.target);
    const ended = await crashed(bench, service);
    const logs = await logPieces(bench, ended, failureTime(ended, 0));
    assert.deepEqual(logs, [
      { kind: 'logs', instance: ended.name, text: LINES.join('\n'), truncated: false, side: 'before' },
    ]);
  });

  it('gives only logs from before a time, or none where it cannot tell', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const instance = await printed(bench, target);
    const asked = { ...ALL_LOGS, until: (instance.startedAt ?? 0) - 1_000 };
    const logs = await bench.runtime.logs(instance, asked, bench.deadline(AMPLE_MS));
    assert.deepEqual(logs, { text: '', truncated: false });
  });

  it('tells what happened to an instance lately, where it keeps a record', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    await printed(bench, service.target);
    const ended = await crashed(bench, service);
    const range = { fromMs: ended.createdAt - 60_000, toMs: (ended.finishedAt ?? 0) + 1_000 };
    const events = await bench.runtime.events?.(ended, range, bench.deadline(AMPLE_MS));
    if (events === undefined) return;
    assert.match(events.text, /^\S+Z create .*\n\S+Z start\n\S+Z die \(exit code 3\)$/);
    assert.equal(events.truncated, false);
  });

  it('tells the use of resources, or that it cannot tell', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    const running = await only(bench, service.target);
    const used = await bench.runtime.resources(running, bench.deadline(AMPLE_MS));
    for (const value of Object.values(used)) assert.ok(value === null || value >= 0);
    const ended = await crashed(bench, service);
    const none = { cpuShare: null, memoryBytes: null, memoryLimitBytes: null, pids: null };
    assert.deepEqual(await bench.runtime.resources(ended, bench.deadline(AMPLE_MS)), none);
  });
}

function actingCases(open: () => Promise<RuntimeBench>): void {
  it('begins another run by a restart, in the same instance', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const before = await only(bench, target);
    await bench.runtime.restart(before, { stopTimeoutMs: 5_000 }, bench.deadline(AMPLE_MS));
    const after = await only(bench, target);
    assert.equal(after.status, 'running');
    assert.equal(after.id, before.id);
    assert.notEqual(runOf(after), runOf(before));
  });

  it('lets a process hear SIGTERM before it is killed', async () => {
    await using bench = await open();
    const { target } = await bench.run(STUBBORN);
    const before = await printed(bench, target);
    await bench.runtime.restart(before, { stopTimeoutMs: 1_000 }, bench.deadline(AMPLE_MS));
    const after = await only(bench, target);
    assert.notEqual(runOf(after), runOf(before));
    const { text } = await bench.runtime.logs(after, ALL_LOGS, bench.deadline(AMPLE_MS));
    assert.match(text, /SIGTERM/);
  });

  it('restarts a process that ignores SIGTERM at once when the stop timeout is 0', async () => {
    await using bench = await open();
    const { target } = await bench.run(STUBBORN);
    const before = await only(bench, target);
    await bench.runtime.restart(before, { stopTimeoutMs: 0 }, bench.deadline(AMPLE_MS));
    assert.notEqual(runOf(await only(bench, target)), runOf(before));
  });

  it('starts an instance that has ended, by a start', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    const ended = await crashed(bench, service);
    await bench.runtime.start(ended, bench.deadline(AMPLE_MS));
    const after = await only(bench, service.target);
    assert.equal(after.status, 'running');
    assert.notEqual(runOf(after), runOf(ended));
  });

  it('starts an instance that has ended, by a restart', async () => {
    await using bench = await open();
    const service = await bench.run(PLAIN);
    const ended = await crashed(bench, service);
    await bench.runtime.restart(ended, { stopTimeoutMs: 1_000 }, bench.deadline(AMPLE_MS));
    assert.equal((await only(bench, service.target)).status, 'running');
  });

  it('leaves a running instance alone when it is to be started', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const before = await only(bench, target);
    await bench.runtime.start(before, bench.deadline(AMPLE_MS));
    assert.equal(runOf(await only(bench, target)), runOf(before));
  });
}

function failingCases(open: () => Promise<RuntimeBench>): void {
  it('says of an instance that is gone that it is, and that nothing was done', async () => {
    await using bench = await open();
    const gone = await bench.vanished();
    const isGone = failure('RUNTIME_GONE', 'no');
    const signal = bench.deadline(AMPLE_MS);
    await assert.rejects(bench.runtime.restart(gone, { stopTimeoutMs: 1_000 }, signal), isGone);
    await assert.rejects(bench.runtime.start(gone, signal), isGone);
    await assert.rejects(bench.runtime.logs(gone, ALL_LOGS, signal), isGone);
    await assert.rejects(bench.runtime.resources(gone, signal), isGone);
  });

  it('names what is missing of the evidence about an instance that is gone', async () => {
    await using bench = await open();
    const gone = await bench.vanished();
    const found = () => assert.fail('nothing can be found of it');
    const { missing } = await bench.runtime.evidence(gone, found, bench.deadline(AMPLE_MS), null);
    assert.ok(missing.length > 0 && missing.every((what) => what.includes(gone.name)), missing.join('; '));
  });

  it('does nothing any more after the deadline', async () => {
    await using bench = await open();
    const { target } = await bench.run(PLAIN);
    const before = await only(bench, target);
    const over = AbortSignal.abort(new DOMException('the deadline passed', 'TimeoutError'));
    const inTime = failure('RUNTIME_TIMEOUT', 'no');
    await assert.rejects(bench.runtime.restart(before, { stopTimeoutMs: 0 }, over), inTime);
    await assert.rejects(bench.runtime.start(before, over), inTime);
    await assert.rejects(bench.runtime.instances(target, over), inTime);
    await assert.rejects(bench.runtime.logs(before, ALL_LOGS, over), inTime);
    assert.equal(runOf(await only(bench, target)), runOf(before));
  });

  it('ends a restart by its deadline and says that it may have happened', async () => {
    await using bench = await open();
    const { target } = await bench.run(STUBBORN);
    const before = await only(bench, target);
    const restart = bench.runtime.restart(before, { stopTimeoutMs: 3_000 }, bench.deadline(300));
    await assert.rejects(restart, failure('RUNTIME_TIMEOUT', 'maybe'));
  });
}

async function only(bench: RuntimeBench, target: Target): Promise<Instance> {
  const instances = await bench.runtime.instances(target, bench.deadline(AMPLE_MS));
  const [instance] = instances;
  assert.ok(instance !== undefined && instances.length === 1, `${instances.length} instances`);
  return instance;
}

/** Waits until all that it prints can be read: the process runs before it has printed. */
async function printed(bench: RuntimeBench, target: Target): Promise<Instance> {
  const instance = await only(bench, target);
  const look = () => bench.runtime.logs(instance, ALL_LOGS, bench.deadline(AMPLE_MS));
  await bench.eventually('its last line', look, ({ text }) => text.includes('four'));
  return instance;
}

async function logPieces(
  bench: RuntimeBench,
  instance: Instance,
  failedAt: number,
): Promise<readonly EvidencePiece[]> {
  const pieces: EvidencePiece[] = [];
  const found = (piece: EvidencePiece) => void pieces.push(piece);
  await bench.runtime.evidence(instance, found, bench.deadline(AMPLE_MS), failedAt);
  return pieces.filter(({ kind }) => kind === 'logs');
}

async function crashed(bench: RuntimeBench, service: ServiceUnderTest): Promise<Instance> {
  await service.crash();
  const ended = ({ status }: Instance) => status === 'exited';
  return await bench.eventually('it to have ended', () => only(bench, service.target), ended);
}

function failure(code: RuntimeError['code'], applied: RuntimeError['applied']) {
  return (error: unknown) => {
    assert.ok(error instanceof RuntimeError, String(error));
    assert.deepEqual({ code: error.code, applied: error.applied }, { code, applied }, error.message);
    return true;
  };
}
