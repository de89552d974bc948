import assert from 'node:assert/strict';
import { appendFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { LogFile } from '../../../src/runtimes/local/logFile.ts';
import { openFolder } from './bench.ts';

const ALL = { lines: 1_000, since: null, maxBytes: 1_000_000 };

async function openLog(bytesMax = 1_000) {
  const folder = await openFolder();
  const log = new LogFile(join(folder.path, 'shop.log'), bytesMax);
  return {
    log,
    /** As a process writes: at the end, wherever that is. */
    write: (text: string | Buffer) => appendFile(log.path, text),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('a log that does not exist is empty', async () => {
  await using it = await openLog();
  await it.log.bound(1);
  assert.deepEqual(await it.log.tail(ALL), { text: '', truncated: false });
  assert.deepEqual(await it.log.tail({ ...ALL, since: 5 }), { text: '', truncated: false });
});

test('the disk it takes is bounded, and the end of what was written stays readable', async () => {
  await using it = await openLog(1_000);
  for (let line = 1; line <= 1_000; line += 1) {
    await it.write(`line ${line}\n`);
    await it.log.bound(line);
  }
  const names = await readdir(dirname(it.log.path));
  assert.deepEqual(names.sort(), ['shop.log', 'shop.log.1']);
  for (const name of names) {
    const { size } = await stat(join(dirname(it.log.path), name));
    assert.ok(size <= 1_100, `${name} has ${size} bytes`);
  }
  const { text, truncated } = await it.log.tail({ ...ALL, lines: 100 });
  assert.deepEqual(
    text.split('\n'),
    Array.from({ length: 100 }, (_, index) => `line ${index + 901}`),
  );
  assert.equal(truncated, true);
});

test('of a burst that is larger than the limit, the end is kept', async () => {
  await using it = await openLog(1_000);
  await it.write(`${'x'.repeat(1_000_000)}\nlast\n`);
  await it.log.bound(1);
  assert.equal((await stat(it.log.path)).size, 0);
  assert.equal((await stat(`${it.log.path}.1`)).size, 1_000);
  assert.match((await it.log.tail(ALL)).text, /\nlast$/);
});

test('only what was written after a time is given, as exactly as the time is known', async () => {
  await using it = await openLog(160);
  await it.write('early\n');
  await it.log.bound(1_000);
  await it.write('middle\n');
  await it.log.bound(2_000);
  await it.write(`${'late '.repeat(30)}\n`);
  await it.log.bound(3_000);
  await it.write('latest\n');
  const since = async (time: number) => (await it.log.tail({ ...ALL, since: time })).text;
  assert.match(await since(1_500), /^middle\nlate .*\nlatest$/);
  assert.match(await since(2_999), /^late .*\nlatest$/);
  assert.equal(await since(3_000), 'latest');
  assert.equal(
    await since(Date.now() + 60_000),
    'latest',
    'what was written since the last look may be newer',
  );
});

test('only what was written until a time is given, and nothing where that was not noted', async () => {
  await using it = await openLog();
  await it.write('early\n');
  await it.log.bound(1_000);
  await it.write('middle\n');
  await it.log.bound(2_000);
  await it.write(`${'late '.repeat(30)}\n`);
  await it.log.bound(3_000);
  const until = async (time: number) => (await it.log.tail({ ...ALL, until: time })).text;
  assert.equal(await until(999), '');
  assert.equal(await until(1_500), 'early');
  assert.equal(await until(2_000), 'early\nmiddle');
  assert.match(await until(9_000), /^early\nmiddle\nlate /);
  assert.equal((await it.log.tail({ ...ALL, since: 1_000, until: 2_500 })).text, 'middle');
});

test('the log is parted at a time, at the nearest that was noted', async () => {
  await using it = await openLog();
  await it.write('before\n');
  await it.log.bound(1_000);
  await it.log.bound(5_000);
  await it.write('after\n');
  await it.log.bound(6_000);
  const around = async (time: number) => {
    const parts = await it.log.around(time, { lines: 10, maxBytes: 1_000 });
    return parts === null ? null : [parts.before.text, parts.after.text];
  };
  assert.equal(await around(999), null);
  assert.deepEqual(await around(3_000), ['before', 'after']);
  assert.deepEqual(await around(5_400), ['before', 'after']);
  assert.deepEqual(await around(5_600), ['before\nafter', '']);
  assert.deepEqual(await around(Number.POSITIVE_INFINITY), ['before\nafter', '']);
});

test('what earlier runs wrote is apart, where the start of the last one was noted', async () => {
  await using it = await openLog();
  await it.write('heap exhausted\n');
  await it.log.bound(1_000);
  await it.log.bound(2_000);
  await it.write('no configuration\n');
  await it.log.bound(3_000);
  const textsFor = async (startedAt: number | null, maxBytes = 10_000) => {
    const parts = await it.log.around(3_000, { lines: 10, maxBytes }, startedAt);
    return [parts?.earlier.text, parts?.before.text, parts?.after.text];
  };
  assert.deepEqual(await textsFor(2_000), ['heap exhausted', 'no configuration', '']);
  assert.deepEqual(await textsFor(2_000, 1_000), ['', 'no configuration', '']);
  for (const unknown of [null, 500, 2_500]) {
    assert.deepEqual(await textsFor(unknown), ['', 'heap exhausted\nno configuration', '']);
  }
});

test('nothing is given when the file was not written since, also by an agent that has just come', async () => {
  await using it = await openLog();
  await it.write('old\n');
  const fresh = new LogFile(it.log.path, 1_000);
  const { mtimeMs } = await stat(it.log.path);
  assert.equal((await fresh.tail({ ...ALL, since: mtimeMs + 1 })).text, '');
  assert.equal((await fresh.tail({ ...ALL, since: mtimeMs - 1 })).text, 'old');
});

test('bytes that are no text, colours and carriage returns come out as harmless lines', async () => {
  await using it = await openLog();
  await it.write(Buffer.from([0x66, 0x6f, 0x6f, 0x00, 0xff, 0xfe, 0x0a]));
  await it.write('\u001b[31mred\u001b[0m\r\nprogress 1\rprogress 2\n\ttab\n');
  const { text } = await it.log.tail(ALL);
  assert.equal(text, 'foo\\u0000��\n\\u001b[31mred\\u001b[0m\nprogress 1\nprogress 2\n\ttab');
});

test('a cut never goes through the middle of a character and never exceeds the bytes asked for', async () => {
  await using it = await openLog();
  await it.write('äöü€🚀\u0000\u0000\u0000\n'.repeat(5));
  for (let maxBytes = 1; maxBytes < 60; maxBytes += 1) {
    const { text, truncated } = await it.log.tail({ ...ALL, maxBytes });
    assert.ok(Buffer.byteLength(text) <= maxBytes);
    assert.doesNotMatch(text, /�/);
    assert.equal(truncated, true);
  }
});
