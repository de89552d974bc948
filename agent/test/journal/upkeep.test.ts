import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Control } from '../../src/core/control.ts';
import { backUpJournal } from '../../src/journal/backup.ts';
import { PRUNE_AGE_MIN_MS, pruneJournal } from '../../src/journal/prune.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import { draft, ended, escalated, notified, opened, summary } from '../fakes/drafts.ts';
import { loadAll } from '../fakes/loadAll.ts';
import { journalFolder } from './journalFolder.ts';
import { batchesIn, startWriter } from './writerProcess.ts';

const DAY_MS = PRUNE_AGE_MIN_MS;

/** One ended incident a day, day 0 to 9; the one of day 1 never ended, that of day 2 waits for its withdrawal. */
async function tenDays(path: string): Promise<SqliteJournal> {
  const journal = SqliteJournal.open(path);
  for (let day = 0; day < 10; day += 1) {
    const [id, at] = [`day${day}`, day * DAY_MS + 1];
    const story = [draft({ type: 'resumed' }, { at }), opened(id, at), draft(FILLER, { at, incident: id })];
    if (day === 2) story.push(escalated(id, ['webhook'], at), notified(id, 'webhook', false, at));
    if (day !== 1) story.push(ended(id, at));
    const end = day === 1 ? {} : ({ endedAt: at, phase: 'ended', outcome: 'recovered' } as const);
    await journal.append(story, [summary(id, { openedAt: at, ...end })]);
  }
  return journal;
}

const FILLER = { type: 'agent-stopped', reason: 'x'.repeat(20_000) } as const;

async function idsIn(journal: SqliteJournal): Promise<readonly string[]> {
  return (await journal.incidents({ limit: 1_000 })).map(({ id }) => id).reverse();
}

test('pruning by age takes what ended before, whole, and leaves what is not settled', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = await tenDays(path);
  // The agent goes on using the journal meanwhile.
  const report = pruneJournal(path, { olderThanMs: 4.5 * DAY_MS, now: 10 * DAY_MS });
  assert.equal(report.incidents, 4);
  assert.deepEqual(await idsIn(journal), ['day1', 'day2', 'day6', 'day7', 'day8', 'day9']);
  assert.deepEqual(await journal.entriesOf('day0', 10), []);
  assert.equal((await journal.entriesOf('day2', 10)).length, 5);
  assert.deepEqual(verifyJournal(path).problems, []);

  await journal.append([notified('day2', 'webhook', true, 9 * DAY_MS)], []);
  // Its last word is young, so it stays.
  assert.equal(pruneJournal(path, { olderThanMs: 4.5 * DAY_MS, now: 10 * DAY_MS }).incidents, 0);
  await journal.close();
});

test('pruning by size takes the oldest first and stops when it fits', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = await tenDays(path);
  for (let index = 0; index < 300; index += 1) {
    const [id, at] = [`more${index}`, 10 * DAY_MS + index];
    const story = [opened(id, at), draft(FILLER, { at, incident: id }), ended(id, at)];
    await journal.append(story, [
      summary(id, { openedAt: at, endedAt: at, phase: 'ended', outcome: 'recovered' }),
    ]);
  }
  const report = pruneJournal(path, { maxBytes: 4_500_000, now: 12 * DAY_MS });
  assert.ok(report.bytes <= 4_500_000 && report.incidents > 50 && report.incidents < 300);
  const left = await idsIn(journal);
  assert.deepEqual(left.slice(0, 3), ['day1', 'day2', `more${report.incidents - 8}`]);
  assert.equal(left.at(-1), 'more299');
  await journal.close();
});

test('pruning never takes what is younger than a day, whatever it is told', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = await tenDays(path);
  pruneJournal(path, { olderThanMs: 0, maxBytes: 0, now: 10 * DAY_MS });
  assert.deepEqual(await idsIn(journal), ['day1', 'day2', 'day9']);
  await journal.close();
});

test('pruning leaves what is in force, and takes what expired or was taken back', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  const set = (control: Control) => draft({ type: 'control-set', control, who: 'ada', reason: 'disks' });
  await journal.append(
    [
      set({ kind: 'mode', target: null, mode: 'observe' }),
      set({ kind: 'mode', target: 'web', mode: 'off' }),
      set({ kind: 'mode', target: 'web', mode: null }),
      set({ kind: 'maintenance-start', id: 'short', target: null, until: 2 * DAY_MS }),
      set({ kind: 'maintenance-start', id: 'long', target: null, until: 20 * DAY_MS }),
      draft({ type: 'instance-stopped', instance: 'web-1', instanceId: 'a', by: 'stop' }, { target: 'web' }),
    ],
    [],
  );
  assert.equal(pruneJournal(path, { olderThanMs: 5 * DAY_MS, now: 10 * DAY_MS }).entries, 3);
  const left = (await loadAll(journal, 9 * DAY_MS)).map(({ body }) =>
    body.type === 'control-set' ? body.control : body.type,
  );
  assert.deepEqual(left, [
    { kind: 'mode', target: null, mode: 'observe' },
    { kind: 'maintenance-start', id: 'long', target: null, until: 20 * DAY_MS },
    'instance-stopped',
  ]);
  assert.deepEqual(verifyJournal(path).problems, []);
  await journal.close();
});

test('pruning without a limit takes nothing, and of a journal that is not there nothing is made', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = await tenDays(path);
  assert.equal(pruneJournal(path, { now: 100 * DAY_MS }).entries, 0);
  await journal.close();
  assert.throws(() => pruneJournal(folder.path('none'), { now: 0 }), { code: 'JOURNAL_READ' });
  assert.equal(existsSync(folder.path('none')), false);
});

test('a backup of a journal that is being written to is whole, and opens as a journal', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await using writer = await startWriter(path, 0);
  await writer.line((line) => line === '50');
  const acknowledged = writer.acknowledged.length;
  const report = backUpJournal(path, folder.path('copy.sqlite'));
  await writer.acknowledges(3);
  await writer.kill();

  assert.ok(report.entries >= acknowledged * 3);
  const copy = SqliteJournal.open(folder.path('copy.sqlite'));
  const kept = batchesIn(await loadAll(copy, 0));
  assert.deepEqual(kept, [...Array(kept.length).keys()]);
  assert.equal(kept.length * 3, report.entries);
  await copy.close();
});

test('a backup overwrites nothing, and leaves nothing half made', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = await tenDays(path);
  assert.throws(() => backUpJournal(path, path), { code: 'FILE_EXISTS' });
  const nowhere = folder.path('no-such-folder/copy.sqlite');
  assert.throws(() => backUpJournal(path, nowhere), { name: 'JournalError' });
  const before = await readdir(dirname(path));
  assert.throws(() => backUpJournal(folder.path('none'), folder.path('copy')), { code: 'JOURNAL_READ' });
  assert.deepEqual(await readdir(dirname(path)), before);
  await journal.close();
});

test('a journal is verified right after its writer was killed', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  await using writer = await startWriter(path, 0);
  await writer.line((line) => line === '10');
  await writer.kill();
  const report = verifyJournal(path);
  assert.deepEqual(report.problems, []);
  assert.ok(report.entries >= writer.acknowledged.length * 3);
});

test('verify tells each thing that does not fit', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = await tenDays(path);
  await journal.append([ended('never-opened'), draft(FILLER)], []);
  await journal.close();
  using db = new DatabaseSync(path);
  db.exec(`
    DELETE FROM incidents WHERE id = 'day3';
    UPDATE incidents SET ended_at = NULL WHERE id = 'day4';
    DELETE FROM unsettled WHERE incident = 'day1';
    INSERT INTO unsettled VALUES ('day5');
    INSERT INTO entries VALUES (900, 1, 1, NULL, NULL, 'resumed', '', '{');
    INSERT INTO entries VALUES (901, 1, 1, NULL, NULL, 'resumed', '', '{"type":"agent-stopped"}');
    INSERT INTO entries VALUES (902, 9, 1, NULL, NULL, 'resumed', '', '{"type":"resumed"}');
  `);
  const { problems, problemsInAll } = verifyJournal(path);
  assert.equal(problemsInAll, 8);
  const told = problems.join('\n');
  for (const part of [
    /entry 900 is no JSON/,
    /entry 901 is not of the type/,
    /entry 902 has version 9/,
    /incident day3 is in no list/,
    /incident day4 has ended, the list says otherwise/,
    /incident day1 is not loaded at a start, and should be/,
    /incident day5 is loaded at a start, and should not be/,
    /incident never-opened does not fold/,
  ]) {
    assert.match(told, part);
  }
});
