import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { EvidencePiece } from '../../../src/core/evidence.ts';
import type { Instance } from '../../../src/core/target.ts';
import type { LogOptions } from '../../../src/ports.ts';
import { DockerBench, soon } from './dockerBench.ts';

const MIB = 1024 * 1024;
const BOUND: LogOptions = { lines: 50, since: null, maxBytes: 64 * 1024 };

let bench: DockerBench;
before(async () => {
  bench = await DockerBench.open();
});
after(() => bench[Symbol.asyncDispose]());

const readLogs = (instance: Instance, options: LogOptions = BOUND) =>
  bench.runtime.logs(instance, options, soon());
const whenExited = (name: string) =>
  bench.eventually(
    `${name} to end`,
    () => bench.look(name),
    ({ status }) => status === 'exited',
  );

it('a terminal’s log has no frames, and is read as it was written', async () => {
  const { name } = await bench.runScript("printf 'one\\ntwo\\n'", { tty: true });
  assert.deepEqual(await readLogs(await whenExited(name)), { text: 'one\ntwo', truncated: false });
});

it('both outputs are read', async () => {
  const { name } = await bench.runScript('echo out; sleep 0.2; echo err >&2');
  assert.deepEqual(await readLogs(await whenExited(name)), { text: 'out\nerr', truncated: false });
});

it('a binary log becomes harmless text within its bound', async () => {
  const script =
    'for (let i = 0; i < 300; i += 1) process.stdout.write(require("crypto").randomBytes(1000)); console.log("\\0end")';
  const { name } = await bench.lab.runService({
    command: ['node', '-e', script],
    healthcheck: 'none',
    publish: false,
  });
  const { text, truncated } = await readLogs(await whenExited(name));
  assert.ok(Buffer.byteLength(text) <= BOUND.maxBytes);
  assert.ok(text.endsWith('\\u0000end'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  assert.equal(truncated, true);
});

it('a container that never wrote has an empty log', async () => {
  assert.deepEqual(await readLogs(await bench.runScript('sleep 60')), { text: '', truncated: false });
});

it('a log that the engine does not keep is an error that says so, and missing evidence', async () => {
  const created = await bench.lab.docker.createContainer({
    Image: 'mpa-lab/node:26',
    name: `${bench.lab.runId}-unlogged`,
    Cmd: ['sleep', '60'],
    Labels: { ...bench.lab.labels },
    HostConfig: { LogConfig: { Type: 'none', Config: {} } },
  });
  await created.start();
  const instance = await bench.look(`${bench.lab.runId}-unlogged`);
  await assert.rejects(readLogs(instance), /does not support reading/);
  const { missing } = await bench.runtime.evidence(instance, () => undefined, soon(), null);
  assert.match(missing.join(), /^logs of .*does not support reading/);
});

it('only what was written after a moment is read', async () => {
  const { name } = await bench.runScript('echo before; sleep 1; echo after');
  const ended = await whenExited(name);
  assert.ok(ended.startedAt !== null);
  const { text } = await readLogs(ended, { ...BOUND, since: ended.startedAt + 500 });
  assert.equal(text, 'after');
});

it('only what was written until a moment is read', async () => {
  const { name } = await bench.runScript('echo before; sleep 1; echo after');
  const ended = await whenExited(name);
  assert.ok(ended.startedAt !== null);
  const { text } = await readLogs(ended, { ...BOUND, until: ended.startedAt + 500 });
  assert.equal(text, 'before');
});

it('a line that the engine keeps in several entries is one line of the evidence, without times in it', async () => {
  const script = 'console.log("x".repeat(40_000)); console.log("end")';
  const { name } = await bench.lab.runService({
    command: ['node', '-e', script],
    healthcheck: 'none',
    publish: false,
  });
  const ended = await whenExited(name);
  const texts: string[] = [];
  const found = ({ kind, text }: EvidencePiece) => void (kind === 'logs' && texts.push(text));
  await bench.runtime.evidence(ended, found, soon(), Number.POSITIVE_INFINITY);
  assert.deepEqual(texts, [`${'x'.repeat(40_000)}\nend`]);
});

it('a huge log is never held whole', async () => {
  const line = 'x'.repeat(999);
  const writer =
    'const b = Buffer.alloc(1024 * 1024, process.argv[1]); let n = 0;' +
    'const go = () => { if (n++ < 200) process.stdout.write(b, go); else console.log("\\nend"); }; go();';
  const lines = await bench.lab.runService({
    command: ['node', '-e', writer, `${line}\n`],
    healthcheck: 'none',
    publish: false,
  });
  const ended = await bench.eventually(
    '200 MiB to be written',
    () => bench.look(lines.name),
    ({ status }) => status === 'exited',
  );
  const bound: LogOptions = { lines: 1_000_000, since: null, maxBytes: MIB };
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const { text, truncated } = await bench.runtime.logs(ended, bound, AbortSignal.timeout(60_000));
  clearInterval(watch);
  assert.ok(text.endsWith('end'));
  assert.ok(Buffer.byteLength(text) <= MIB);
  assert.equal(truncated, true);
  // What is read and dropped waits for the garbage collector for a while; the log itself is 200 MiB.
  assert.ok(peak - before < 150 * MIB, `it took ${Math.round((peak - before) / MIB)} MiB`);
});
