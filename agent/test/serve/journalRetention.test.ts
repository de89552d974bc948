import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PruneOptions } from '../../src/journal/prune.ts';
import { pruneInBackground } from '../../src/journal/pruneInBackground.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { keepRetention } from '../../src/serve/journalRetention.ts';
import { ManualClock, settle } from '../fakes/clock.ts';
import { draft, ended, opened, summary } from '../fakes/drafts.ts';
import { loadAll } from '../fakes/loadAll.ts';
import { journalFolder } from '../journal/journalFolder.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('the journal is pruned at the start and every hour, by what is in force then, also after a failure', async () => {
  const clock = new ManualClock(100 * DAY_MS);
  const over = new AbortController();
  const asked: (PruneOptions & { readonly path: string })[] = [];
  const failures: unknown[] = [];
  let ageMs = 90 * DAY_MS;
  const running = keepRetention({
    journal: () => ({ path: 'journal', retention: { ageMs, sizeBytes: 5e6 } }),
    prune: async (path, options) => {
      asked.push({ path, ...options });
      if (asked.length === 1) throw new Error('the disk is full');
      return { incidents: 0, entries: 0, bytes: 0 };
    },
    clock,
    pruned: () => undefined,
    failed: (error) => void failures.push(error),
    signal: over.signal,
  });
  await settle();
  assert.deepEqual(asked, [{ path: 'journal', olderThanMs: 90 * DAY_MS, maxBytes: 5e6, now: 100 * DAY_MS }]);
  assert.equal(failures.length, 1);
  ageMs = 30 * DAY_MS;
  await clock.advance(HOUR_MS);
  assert.deepEqual(
    asked.map(({ olderThanMs, now }) => [olderThanMs, now]),
    [
      [90 * DAY_MS, 100 * DAY_MS],
      [30 * DAY_MS, 100 * DAY_MS + HOUR_MS],
    ],
  );
  over.abort();
  await running;
  assert.equal(clock.sleeping, 0);
});

test('a thread of its own prunes a journal that the agent is writing to', async () => {
  await using folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  const journal = SqliteJournal.open(path);
  for (let index = 0; index < 100; index += 1) {
    const id = `i${index}`;
    const end = { endedAt: 10, phase: 'ended', outcome: 'recovered' } as const;
    await journal.append([opened(id, 1), ended(id, 10)], [summary(id, { openedAt: 1, ...end })]);
  }
  const options = { olderThanMs: DAY_MS, now: 10 * DAY_MS };
  const pruning = pruneInBackground(path, options, AbortSignal.timeout(20_000));
  const young = draft({ type: 'resumed' }, { at: 10 * DAY_MS });
  for (let index = 0; index < 20; index += 1) await journal.append([young], []);
  assert.equal((await pruning).incidents, 100);
  assert.equal((await loadAll(journal, 0)).length, 20);
  await journal.close();
});

test('pruning that cannot be done says why, and one that is no longer wanted ends', async () => {
  await using folder = await journalFolder();
  const never = new AbortController().signal;
  await assert.rejects(pruneInBackground(folder.path('none'), { now: 0 }, never), /there is no /);
  const over = new AbortController();
  const pruning = pruneInBackground(folder.path('none'), { now: 0 }, over.signal);
  over.abort();
  await assert.rejects(pruning, { name: 'AbortError' });
});
