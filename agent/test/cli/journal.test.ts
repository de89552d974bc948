import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtempDisposable, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { draft, ended, opened, summary } from '../fakes/drafts.ts';
import { loadAll } from '../fakes/loadAll.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

/** A folder with a journal of ended incidents from long ago and one entry of today, in use by an agent. */
async function openJournal() {
  await using cleanup = new AsyncDisposableStack();
  const folder = cleanup.use(await mkdtempDisposable(join(tmpdir(), 'mpa-journal-')));
  const path = join(folder.path, 'journal.sqlite');
  const journal = SqliteJournal.open(path);
  cleanup.defer(() => journal.close());
  for (const id of ['i1', 'i2']) {
    const end = { endedAt: 10, phase: 'ended', outcome: 'recovered' } as const;
    await journal.append([opened(id, 1), ended(id, 10)], [summary(id, { openedAt: 1, ...end })]);
  }
  await journal.append([draft({ type: 'resumed' }, { at: Date.now() })], []);
  const owned = cleanup.move();
  return { folder: folder.path, path, journal, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function mpa(cwd: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'journal', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { out, err, exitCode };
}

test('the journal that the configuration names is verified while it is in use', async () => {
  await using used = await openJournal();
  await writeFile(join(used.folder, 'mpa.yml'), 'journal: {path: journal.sqlite}\n');
  const { out, err, exitCode } = await mpa(used.folder, 'verify');
  assert.deepEqual([exitCode, err], [0, '']);
  assert.match(out, /journal\.sqlite: 5 entries, 2 incidents, the newest of 20\d\d-.* UTC: in order\n$/);
});

test('damage is told a line each, with what to do', async () => {
  await using used = await openJournal();
  await used.journal.close();
  const file = await open(used.path, 'r+');
  await file.write(Buffer.alloc(6_000, 0xaa), 0, 6_000, 4_096 * 2);
  await file.close();
  const { out, exitCode } = await mpa(used.folder, 'verify', '--file', used.path);
  assert.equal(exitCode, 1);
  assert.doesNotMatch(out, /u000a|it is empty/);
  assert.match(out, /\n {2}SQLite: .*\n/);
  assert.match(out, /restore a backup\.\n$/);
});

test('a journal that is not in order is told, and the exit code says so', async () => {
  await using used = await openJournal();
  await used.journal.close();
  {
    using db = new DatabaseSync(used.path);
    db.exec("DELETE FROM incidents WHERE id = 'i1'");
  }
  const told = await mpa(used.folder, 'verify', '--file', used.path);
  assert.equal(told.exitCode, 1);
  assert.match(told.out, /: 1 problem\n {2}incident i1 is in no list\nKeep the file .*\n$/);
  const json = await mpa(used.folder, 'verify', '--file', used.path, '--json');
  assert.deepEqual(JSON.parse(json.out).problems, ['incident i1 is in no list']);
});

test('a backup is a journal, and overwrites nothing', async () => {
  await using used = await openJournal();
  const copy = join(used.folder, 'copy.sqlite');
  const done = await mpa(used.folder, 'backup', copy, '--file', used.path);
  assert.equal(done.out, `${copy}: 5 entries, 2 incidents, in order\n`);
  const again = await mpa(used.folder, 'backup', copy, '--file', used.path);
  assert.equal(again.exitCode, 1);
  assert.match(again.err, /^mpa: There is a file of that name: .*copy\.sqlite\. Give another name/);
});

test('pruning wants a limit, and says what went', async () => {
  await using used = await openJournal();
  const none = await mpa(used.folder, 'prune', '--file', used.path);
  assert.match(none.err, /say --older-than DURATION, or --max-size BYTES/);
  const pruned = await mpa(used.folder, 'prune', '--older-than', '30d', '--file', used.path);
  assert.match(pruned.out, /^2 incidents older than 30d and 4 entries deleted; \d+ bytes are in use\n$/);
  assert.equal((await loadAll(used.journal, 0)).length, 1);
});

test('a configuration with errors, and a file that is no journal, are one sentence each', async () => {
  await using used = await openJournal();
  const missing = await mpa(used.folder, 'verify');
  assert.match(missing.err, /^mpa: The configuration has errors: mpa\.yml: there is no such file/);
  const noise = join(used.folder, 'noise');
  await appendFile(noise, 'x'.repeat(10_000));
  const damaged = await mpa(used.folder, 'verify', '--file', noise, '--json');
  assert.equal(JSON.parse(damaged.out).error.code, 'JOURNAL_READ');
});
