import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { loadAll } from '../fakes/loadAll.ts';
import { journalFolder } from './journalFolder.ts';
import { batchesIn, startWriter } from './writerProcess.ts';

test('when files cannot grow, appends are refused and lose nothing; when they can again, it goes on', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await using writer = await startWriter(path, 0, 512);
  const refusal = await writer.line((line) => line.startsWith('refused'));
  assert.match(refusal, /The journal could not be written.*input\/output/);
  const before = writer.acknowledged.length;
  assert.ok(before > 0);

  // Read while the writer is stuck: what it was refused is not there.
  const reader = new DatabaseSync(path, { readOnly: true });
  const row = reader.prepare('SELECT count(*) AS entries FROM entries').get();
  reader.close();
  assert.equal(row?.['entries'], before * 3);

  execFileSync('/usr/bin/prlimit', ['--pid', String(writer.pid), '--fsize=unlimited']);
  await writer.acknowledges(5);
  await writer.kill();
  const journal = SqliteJournal.open(path);
  const kept = batchesIn(await loadAll(journal, 0));
  await journal.close();
  assert.deepEqual(kept.slice(0, writer.acknowledged.length), writer.acknowledged);
});
