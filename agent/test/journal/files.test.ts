import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Control } from '../../src/core/control.ts';
import { encodeDraft } from '../../src/journal/entryCodec.ts';
import { MIGRATIONS, migrate, schemaVersionOf } from '../../src/journal/migrations.ts';
import { openForWriting } from '../../src/journal/openDatabase.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { draft, opened, summary } from '../fakes/drafts.ts';
import { loadAll } from '../fakes/loadAll.ts';
import { journalFolder } from './journalFolder.ts';

async function filledJournal(path: string, entries = 200): Promise<void> {
  const journal = SqliteJournal.open(path);
  const filler = draft({ type: 'agent-stopped', reason: 'x'.repeat(500) });
  await journal.append(Array(entries).fill(filler), []);
  await journal.close();
}

test('a journal is made where there is none, folders too, for its owner alone', async () => {
  await using folder = await journalFolder();
  const path = folder.path('new/folders/journal.sqlite');
  await SqliteJournal.open(path).close();
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('every commit waits for the disk', async () => {
  await using folder = await journalFolder();
  using db = openForWriting(folder.path('journal.sqlite'));
  const told = (name: string) => db.prepare(`PRAGMA ${name}`).get()?.[name];
  assert.equal(told('journal_mode'), 'wal');
  assert.equal(told('synchronous'), 2);
});

test('a file of noise is refused, and left as it is', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const noise = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7_919) % 251));
  await writeFile(path, noise);
  assert.throws(() => SqliteJournal.open(path), { code: 'JOURNAL_READ' });
  assert.throws(() => verifyJournal(path), { code: 'JOURNAL_READ' });
  assert.deepEqual(await readFile(path), noise);
});

test('a journal that was cut short is refused', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await filledJournal(path);
  await truncate(path, 20_000);
  assert.throws(() => SqliteJournal.open(path), { code: 'JOURNAL_READ' });
});

test('a journal with noise in its middle is told by verify, and by reading it', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await filledJournal(path);
  const bytes = await readFile(path);
  bytes.fill(0xa5, bytes.length / 2, bytes.length / 2 + 8_192);
  await writeFile(path, bytes);

  const report = verifyJournal(path);
  assert.ok(report.problemsInAll > 0);
  const journal = SqliteJournal.open(path);
  await assert.rejects(loadAll(journal, 0), { code: 'JOURNAL_READ' });
  await journal.close();
});

test("another program's database is refused, and left as it is", async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  using other = new DatabaseSync(path);
  other.exec('CREATE TABLE prices (day TEXT)');
  assert.throws(() => SqliteJournal.open(path), { code: 'JOURNAL_READ', message: /no journal/ });
  assert.equal(other.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'], 1);
});

test('a journal of a newer version is refused, and left as it is', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await filledJournal(path);
  using newer = new DatabaseSync(path);
  newer.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  for (const open of [SqliteJournal.open, verifyJournal]) {
    assert.throws(() => open(path), { code: 'JOURNAL_SCHEMA' });
  }
  assert.equal(newer.prepare('PRAGMA user_version').get()?.['user_version'], MIGRATIONS.length + 1);
});

test('a journal from before the table of what is in force gets it filled', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const words: readonly Control[] = [
    { kind: 'mode', target: null, mode: 'observe' },
    { kind: 'mode', target: 'web', mode: 'off' },
    { kind: 'mode', target: 'web', mode: null },
    { kind: 'maintenance-start', id: 'm1', target: null, until: 5_000 },
    { kind: 'maintenance-start', id: 'm2', target: null, until: 6_000 },
    { kind: 'maintenance-end', id: 'm1' },
  ];
  const held = { instance: 'web-1', instanceId: 'a' };
  const drafts = [
    ...words.map((control) => draft({ type: 'control-set', control, who: 'ada', reason: 'disks' })),
    draft({ type: 'instance-stopped', ...held, by: 'stop' }, { target: 'web' }),
    draft({ type: 'breaker-opened', target: 'web', until: 7_000, reason: 'spent' }),
  ];
  {
    using db = new DatabaseSync(path);
    migrate(db, MIGRATIONS.slice(0, 1));
    for (const each of drafts) {
      const { v, at, incident, target, type, settings, body } = encodeDraft(each);
      db.prepare(
        'INSERT INTO entries (v, at, incident, target, type, settings, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ).run(v, at, incident, target, type, settings, body);
    }
  }
  const journal = SqliteJournal.open(path);
  const loaded = (await loadAll(journal, 10_000)).map(({ seq }) => seq);
  assert.deepEqual(loaded, [1, 5, 7, 8]);
  await journal.append([draft({ type: 'instance-started', ...held }, { target: 'web' })], []);
  assert.deepEqual(
    (await loadAll(journal, 10_000)).map(({ seq }) => seq),
    [1, 5, 8],
  );
  await journal.close();
});

test('an older schema is brought up step by step, all or nothing', async () => {
  await using folder = await journalFolder();
  using db = new DatabaseSync(folder.path('journal.sqlite'));
  const steps = [
    'CREATE TABLE one (a)',
    'ALTER TABLE one ADD COLUMN b; INSERT INTO one VALUES (1, 2)',
    'UPDATE one SET b = 3',
  ];
  migrate(db, steps.slice(0, 1));
  assert.throws(() => migrate(db, [...steps.slice(0, 2), 'DROP TABLE nothing']), /nothing/);
  assert.equal(schemaVersionOf(db), 1);
  assert.deepEqual(db.prepare('SELECT * FROM one').all(), []);

  migrate(db, steps);
  assert.equal(schemaVersionOf(db, steps.length), 3);
  assert.deepEqual({ ...db.prepare('SELECT * FROM one').get() }, { a: 1, b: 3 });
  migrate(db, steps);
});

test('a journal that may not be written says so', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await filledJournal(path);
  await chmod(path, 0o444);
  await chmod(folder.path('.'), 0o755);
  // Root may write everything, so the process steps down first.
  const script = `
    const { SqliteJournal } = await import(${JSON.stringify(new URL('../../src/journal/sqliteJournal.ts', import.meta.url))});
    if (process.getuid() === 0) process.setuid(65534);
    try { SqliteJournal.open(${JSON.stringify(path)}); } catch (error) { console.log(error.message); }`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.match(done.stdout, /The journal could not be written: .*EACCES.*permissions/);
});

test('a journal that is removed under the agent refuses appends, and takes them when it is back', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  await journal.append([opened('i1')], [summary('i1')]);
  await rename(path, folder.path('moved'));
  await assert.rejects(journal.append([opened('i2')], []), {
    code: 'JOURNAL_WRITE',
    message: /removed or replaced/,
  });
  await writeFile(path, 'another file');
  await assert.rejects(journal.append([opened('i2')], []), {
    code: 'JOURNAL_WRITE',
    message: /removed or replaced/,
  });

  await rm(path);
  await rename(folder.path('moved'), path);
  await journal.append([opened('i2')], [summary('i2')]);
  assert.equal((await loadAll(journal, 0)).length, 2);
  await journal.close();
});

test('a folder in the place of the file says so', async () => {
  await using folder = await journalFolder();
  await mkdir(folder.path('journal.sqlite'));
  assert.throws(() => SqliteJournal.open(folder.path('journal.sqlite')), {
    code: 'JOURNAL_WRITE',
    message: /EISDIR/,
  });
});
