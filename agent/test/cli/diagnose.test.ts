import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { promisify } from 'node:util';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

/** Runs `mpa diagnose logs` with this on its standard input. */
async function diagnose(input: string | Uint8Array, ...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'diagnose', 'logs', ...args], { stdio: 'pipe' });
  child.stdin.end(input);
  const [out, err, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { out, err, exitCode };
}

async function withFile(content: string | Uint8Array) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'mpa-diagnose-'));
  const path = join(folder.path, 'service.log');
  await writeFile(path, content);
  return { folder: folder.path, path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('a file’s templates are told, the commonest first, and what is rare with its first line', async () => {
  const served = Array.from({ length: 300 }, (_, n) => `served item ${n}\n`);
  await using file = await withFile([...served, 'disk write failed\n'].join(''));
  const { out, err, exitCode } = await diagnose('', file.path);
  assert.deepEqual([exitCode, err], [0, '']);
  assert.equal(
    out,
    `301 lines, 2 templates

COUNT  SHARE   ID  TEMPLATE
300    99.7 %  T1  served item <*>
1      0.33 %  T2  disk write failed

rare (less than 0.50 % of the lines):
FIRST LINE  COUNT  ID  TEMPLATE
301         1      T2  disk write failed
`,
  );
});

test('each line’s template is told in order as JSON, as it is at the end of the file', async () => {
  const { out, exitCode } = await diagnose(
    'user ann came\r\nready\n\nuser bob came\nuser eve came',
    '-',
    '--lines',
    '--json',
  );
  assert.equal(exitCode, 0);
  const came = { template_id: 'T1', template: 'user <*> came' };
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
    [
      { line: 1, ...came },
      { line: 2, template_id: 'T2', template: 'ready' },
      { line: 3, template_id: 'T3', template: '' },
      { line: 4, ...came },
      { line: 5, ...came },
    ],
  );
});

test('the summary comes as JSON, too', async () => {
  const { out } = await diagnose('started\nlost 1\nlost 2\n', '-', '--json');
  assert.deepEqual(JSON.parse(out), {
    lines: 3,
    templates: [
      { template_id: 'T2', template: 'lost <*>', count: 2, first_line: 2, rare: false },
      { template_id: 'T1', template: 'started', count: 1, first_line: 1, rare: false },
    ],
  });
});

test('an empty log has no templates', async () => {
  assert.match((await diagnose('', '-')).out, /^0 lines, 0 templates\n/);
  assert.equal((await diagnose('', '-', '--lines', '--json')).out, '');
});

test('nothing in a log reaches the terminal as more than text', async () => {
  const hostile = '\u001b]0;owned\u0007\u001b[2Jrm -rf \u202etxt.exe\u200b \u009b31m\u0000 end\n';
  for (const args of [['-'], ['-', '--lines'], ['-', '--json'], ['-', '--lines', '--json']]) {
    const { out, exitCode } = await diagnose(`${'fine\n'.repeat(50)}${hostile}`, ...args);
    assert.equal(exitCode, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
  }
});

test('a line of many megabytes is read', async () => {
  const { out, exitCode } = await diagnose(`${'word '.repeat(4_000_000)}\nready\n`, '-', '--lines', '--json');
  assert.equal(exitCode, 0);
  assert.match(out, /\n\{"line":2,"template_id":"T2","template":"ready"\}\n$/);
});

test('a file of Windows, in UTF-16 with its mark, is read as its words', async () => {
  await using file = await withFile(Buffer.from('\ufeffserved item 1\r\nserved item 2\r\n', 'utf16le'));
  const { out, exitCode } = await diagnose('', file.path, '--lines', '--json');
  assert.equal(exitCode, 0);
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [1, 2].map((line) => ({ line, template_id: 'T1', template: 'served item <*>' })),
  );
});

test('each line has its object, also those with nothing in them, however the last one ends', async () => {
  for (const [content, lines] of [
    ['', 0],
    ['\n', 1],
    ['\n\n\n', 3],
    ['a', 1],
    ['a\r\n\r\nb', 3],
    ['a\rb\u2028c\u0085d\fe\n', 1],
    [' \n\t\n', 2],
  ] as const) {
    await using file = await withFile(content);
    const { out, exitCode } = await diagnose('', file.path, '--lines', '--json');
    assert.equal(exitCode, 0);
    const told = out.split('\n').slice(0, -1);
    assert.deepEqual(
      told.map((line) => Object.keys(JSON.parse(line))),
      Array.from({ length: lines }, () => ['line', 'template_id', 'template']),
    );
    assert.deepEqual(
      told.map((line) => JSON.parse(line).line),
      Array.from({ length: lines }, (_, index) => index + 1),
    );
  }
});

test('a named pipe is read once, from its beginning', async () => {
  await using file = await withFile('');
  const pipe = `${file.path}.pipe`;
  await promisify(execFile)('mkfifo', [pipe]);
  const [{ out }] = await Promise.all([
    diagnose('', pipe, '--lines', '--json'),
    writeFile(pipe, 'a 1\na 2\n'),
  ]);
  assert.equal(out.split('\n').length, 3);
});

test('a reader who has had enough is no error', async () => {
  await using file = await withFile('ready\n'.repeat(200_000));
  const child = spawn(process.execPath, [MAIN, 'diagnose', 'logs', file.path, '--lines', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [err, [exitCode]] = await Promise.all([text(child.stderr), closed]);
  assert.deepEqual([exitCode, err], [0, '']);
});

test('what cannot be read is said in a sentence, and the exit code tells it', async () => {
  await using file = await withFile(Uint8Array.from({ length: 4_000 }, (_, n) => (n * 7) % 256));
  const missing = join(file.folder, 'none.log');
  const wrong: readonly (readonly [path: string, words: RegExp])[] = [
    [missing, /there is no file .*none\.log/],
    [file.folder, /is a directory/],
    [file.path, /looks like a binary or compressed file/],
  ];
  for (const [path, words] of wrong) {
    const { out, err, exitCode } = await diagnose('', path);
    assert.deepEqual([exitCode, out], [1, '']);
    assert.match(err, /^mpa: The log cannot be read: /);
    assert.match(err, words);
  }
  const { out, exitCode } = await diagnose('', missing, '--json');
  assert.equal(exitCode, 1);
  assert.match(out, /"code":"LOGS_UNREADABLE"/);
});
