import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { loadAll } from '../fakes/loadAll.ts';
import { journalFolder } from './journalFolder.ts';
import { batchesIn, startWriter } from './writerProcess.ts';

test('a writer that is killed again and again loses nothing that it acknowledged, and leaves no half batch', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  let next = 0;
  for (let round = 0; round < 8; round += 1) {
    await using writer = await startWriter(path, next);
    const enough = next + 5 + round * 7;
    await writer.line((line) => line === String(enough));
    await writer.kill();

    // The lock went with the process, so this one can open it.
    const journal = SqliteJournal.open(path);
    const kept = batchesIn(await loadAll(journal, 0));
    await journal.close();
    const acknowledged = (writer.acknowledged.at(-1) ?? 0) + 1;
    assert.deepEqual(kept.slice(0, acknowledged), [...Array(acknowledged).keys()]);
    // At most the one that was under way is there without having been acknowledged.
    assert.ok(kept.length <= acknowledged + 1);
    next = kept.length;
  }
  assert.deepEqual(verifyJournal(path).problems, []);
});
