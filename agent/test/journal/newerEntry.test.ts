// What a newer version wrote into a journal whose schema has not changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryBody } from '../../src/core/entry.ts';
import { FLEET_ENTRIES } from '../../src/core/fleet/fold.ts';
import { Memory } from '../../src/engine/memory.ts';
import { decodeEntry, encodeDraft } from '../../src/journal/entryCodec.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { draft, opened, summary } from '../fakes/drafts.ts';
import { journalFolder } from './journalFolder.ts';

test('an entry of an unknown type is read, makes its own incident unreadable and no other, and verify names it', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const body: unknown = { type: 'target-moved', to: 'another host' };
  const started = { type: 'agent-started', version: '9.9.0', self: 'outside', settings: 'x' } as const;
  {
    const journal = SqliteJournal.open(path);
    await journal.append(
      [
        draft(started),
        opened('sick'),
        opened('well'),
        // No compiler knows what a newer version writes.
        draft(body as EntryBody, { incident: 'sick', target: 'web' }),
      ],
      [summary('sick'), summary('well')],
    );
    await journal.close();
  }
  const journal = SqliteJournal.open(path);
  const memory = new Memory();
  for await (const loaded of journal.load(10_000, FLEET_ENTRIES)) memory.restore(loaded);
  await journal.close();
  assert.deepEqual([...memory.unreadable.keys()], ['sick']);
  assert.match(String(memory.unreadable.get('sick')), /version 9\.9\.0 .*target-moved.* run that version/);
  assert.deepEqual(
    [memory.incident('sick')?.phase.kind, memory.incident('well')?.phase.kind],
    ['gathering', 'gathering'],
  );
  const { problems } = verifyJournal(path);
  assert.equal(problems.length, 1);
  assert.match(
    problems[0] ?? '',
    /incident sick does not fold: .*target-moved.* run that version or a newer one/,
  );
});

test('an entry whose form is newer is refused, and not called damage', () => {
  const row = { ...encodeDraft(opened('one')), seq: 1, v: 2 };
  assert.throws(() => decodeEntry(row), { code: 'JOURNAL_SCHEMA', message: /version 2.*Run that version/ });
});
