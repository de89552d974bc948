import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as timer } from 'node:timers/promises';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { opened } from '../fakes/drafts.ts';
import { journalFolder } from './journalFolder.ts';

test('timers get their turn while one commit follows the other', async () => {
  await using folder = await journalFolder();
  const journal = SqliteJournal.open(folder.path('journal.sqlite'));
  let rang = false;
  const ringing = timer(1).then(() => {
    rang = true;
  });
  // A journal that kept the loop to itself would write all of these first.
  let commits = 0;
  while (!rang && commits < 10_000) {
    await journal.append([opened(`i${commits}`)], []);
    commits += 1;
  }
  assert.ok(rang, `no timer rang during ${commits} commits`);
  await ringing;
  await journal.close();
});
