import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { backUpJournal } from '../../src/journal/backup.ts';
import { JournalLock } from '../../src/journal/journalLock.ts';
import { MIGRATIONS, schemaVersionOf } from '../../src/journal/migrations.ts';
import { pruneJournal } from '../../src/journal/prune.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { ended, summary } from '../fakes/drafts.ts';
import { loadAll } from '../fakes/loadAll.ts';
import { journalFolder } from './journalFolder.ts';

/** A file of each version that has shipped: what is in it is read for ever. */
const VERSIONS = ['v1'];

function lay(version: string, path: string): void {
  using db = new DatabaseSync(path);
  db.exec(readFileSync(new URL(`../fixtures/journal/${version}.sql`, import.meta.url), 'utf8'));
}

function versionOf(path: string): number {
  using db = new DatabaseSync(path, { readOnly: true });
  return schemaVersionOf(db);
}

for (const version of VERSIONS) {
  test(`a journal of ${version} is opened, brought up, and goes on`, async () => {
    await using folder = await journalFolder();
    const path = folder.path('journal.sqlite');
    lay(version, path);
    const journal = SqliteJournal.open(path);
    const places = (await loadAll(journal, 1_000_000)).map(({ seq }) => seq);
    assert.deepEqual(places, [2, 3]);
    assert.equal((await loadAll(journal, 0)).length, 5);
    assert.deepEqual(
      (await journal.incidents({ limit: 10 })).map(({ id, outcome }) => [id, outcome]),
      [
        ['i0', 'self-resolved'],
        ['i1', null],
      ],
    );
    const [entry] = await journal.append(
      [ended('i1', 5_000)],
      [summary('i1', { endedAt: 5_000, phase: 'ended', outcome: 'recovered' })],
    );
    assert.equal(entry?.seq, 6);
    assert.deepEqual(await loadAll(journal, 1_000_000), []);
    await journal.close();
    assert.deepEqual(verifyJournal(path).problems, []);
    assert.equal(versionOf(path), MIGRATIONS.length);
  });

  test(`a journal of ${version} is verified and backed up as it is`, async () => {
    await using folder = await journalFolder();
    const path = folder.path('journal.sqlite');
    lay(version, path);
    assert.deepEqual(verifyJournal(path).problems, []);
    assert.equal(backUpJournal(path, folder.path('copy')).entries, 5);
    assert.equal(versionOf(path), Number(version.slice(1)));
    assert.equal(versionOf(folder.path('copy')), Number(version.slice(1)));
  });

  test(`a journal of ${version} is pruned when it was brought up, which waits for no running agent`, async () => {
    await using folder = await journalFolder();
    const path = folder.path('journal.sqlite');
    lay(version, path);
    const prune = () => pruneJournal(path, { olderThanMs: 0, now: 1e12 });
    const agent = JournalLock.acquire(path);
    assert.throws(prune, { code: 'JOURNAL_LOCKED' });
    agent[Symbol.dispose]();
    assert.equal(prune().incidents, 1);
    assert.deepEqual(verifyJournal(path).problems, []);
  });
}
