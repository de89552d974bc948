import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { test } from 'node:test';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { opened, summary } from '../fakes/drafts.ts';
import { journalFolder } from './journalFolder.ts';
import { startWriter } from './writerProcess.ts';

const isLocked = { name: 'JournalError', code: 'JOURNAL_LOCKED' };

test('a second agent is kept from the journal while the first one lives, and not longer', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await using first = await startWriter(path, 0);
  assert.throws(() => SqliteJournal.open(path), isLocked);
  await first.acknowledges(3);

  await first.kill();
  await SqliteJournal.open(path).close();
});

test('a second agent in the same process is kept out too, also through a symbolic link', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  await symlink(path, folder.path('link'));
  assert.throws(() => SqliteJournal.open(path), isLocked);
  assert.throws(() => SqliteJournal.open(folder.path('link')), isLocked);

  // The attempts have cost the first one nothing.
  await journal.append([opened('i1')], [summary('i1')]);
  await journal.close();
  await SqliteJournal.open(folder.path('link')).close();
});
