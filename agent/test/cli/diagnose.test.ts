import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

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
