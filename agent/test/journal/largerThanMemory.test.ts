import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EntryBody } from '../../src/core/entry.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { draft, ended, opened } from '../fakes/drafts.ts';
import { SAMPLE_BODIES } from '../fakes/entries.ts';
import { journalFolder } from './journalFolder.ts';

const INCIDENTS = 60;
const MIB = 1024 * 1024;
/** A third of what the entries hold. */
const HEAP_MIB = 40;

/** As large as no collector of evidence makes it: the fewer are needed. */
const evidence: EntryBody = {
  ...SAMPLE_BODIES['evidence-gathered'],
  missing: ['x'.repeat(2 * MIB)],
};

test('a journal that is larger than the memory is folded, what is open and what has ended', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  for (let index = 0; index < INCIDENTS; index += 1) {
    const id = `i${index}`;
    const open = index % 2 === 0;
    await journal.append([opened(id), draft(evidence, { incident: id }), ...(open ? [] : [ended(id)])], []);
  }
  await journal.close();
  const child = fileURLToPath(new URL('foldChild.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--max-old-space-size=${HEAP_MIB}`, child, path],
    { timeout: 60_000 },
  );
  // Of those that ended, the opening and the end.
  assert.equal(stdout, `${(INCIDENTS / 2) * 4} entries, ${INCIDENTS / 2} open\n`);
});
