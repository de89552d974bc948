import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openForWriting } from '../../src/journal/openDatabase.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { ended, opened, summary } from '../fakes/drafts.ts';
import { journalFolder } from './journalFolder.ts';

const isForbidden = /the journal is append-only/;

test('whoever opens the file, an entry is neither changed nor deleted nor replaced', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  await journal.append([opened('i1'), ended('i1'), opened('i2')], [summary('i1'), summary('i2')]);
  await journal.close();

  using stranger = new DatabaseSync(path);
  assert.throws(() => stranger.exec(`UPDATE entries SET body = '{}' WHERE seq = 1`), isForbidden);
  assert.throws(() => stranger.exec('DELETE FROM entries WHERE seq = 1'), isForbidden);
  assert.throws(() => stranger.exec('DELETE FROM entries'), isForbidden);

  using own = openForWriting(path);
  const replace = `REPLACE INTO entries SELECT seq, v, at, incident, target, type, settings, '{}' FROM entries`;
  assert.throws(() => own.exec(replace), isForbidden);
});

test('pruning itself cannot delete what is younger than it says, nor what is not settled', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  await journal.append([opened('i1', 10), ended('i1', 20), opened('i2', 10)], []);
  await journal.close();

  using db = new DatabaseSync(path);
  db.exec('BEGIN; INSERT INTO pruning VALUES (20)');
  assert.throws(() => db.exec(`DELETE FROM entries WHERE incident = 'i2'`), isForbidden);
  assert.throws(() => db.exec(`DELETE FROM entries WHERE type = 'incident-ended'`), isForbidden);
  db.exec(`DELETE FROM entries WHERE incident = 'i1' AND type = 'incident-opened'`);
});
