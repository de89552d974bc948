import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { FAMILY_DEFAULTS } from '../../src/models/settings.ts';
import { Problem } from '../../src/problems.ts';
import { BarStore } from '../../src/store/bar-store.ts';
import { openDatabase } from '../../src/store/database.ts';
import { VERSIONS_KEPT, VersionStore } from '../../src/store/version-store.ts';
import { simulatedBars } from '../support/bars.ts';

const NOW = Date.UTC(2030, 0, 1);
const bars = simulatedBars(400);

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'predictor-store-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no problem',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );
}

test('bars survive the file being closed and opened, to the last bit', async () => {
  await using at = await folder();
  const path = join(at.path, 'deeper', 'p.sqlite');
  {
    using database = openDatabase(path);
    await new BarStore(database).add('X', bars, { nowMs: NOW });
  }
  using again = openDatabase(path);
  assert.deepEqual(
    (await new BarStore(again).read('X')).map((bar) => ({ ...bar })),
    bars,
  );
  assert.deepEqual(
    { ...(await new BarStore(again).list())[0] },
    { symbol: 'X', bars: 400, from: bars[0]?.time, to: bars.at(-1)?.time },
  );
});

test('the same bars again change nothing', async () => {
  using database = openDatabase(':memory:');
  const store = new BarStore(database);
  await store.add('X', bars, { nowMs: NOW });
  const { fresh, verdicts } = await store.add('X', bars.slice(-10), { nowMs: NOW, refuseConflicts: true });
  assert.equal(fresh.length, 0);
  assert.ok(verdicts.every(({ verdict }) => verdict === 'known'));
});

test('with conflicts refused, one contradiction keeps out the whole batch', async () => {
  using database = openDatabase(':memory:');
  const store = new BarStore(database);
  await store.add('X', bars.slice(0, 300), { nowMs: NOW });
  const batch = bars.slice(299).map((bar, i) => (i === 0 ? { ...bar, volume: bar.volume + 1 } : bar));
  assert.equal(await code(store.add('X', batch, { nowMs: NOW, refuseConflicts: true })), 'bars-conflict');
  assert.equal((await store.read('X')).length, 300);
  await store.add('X', batch, { nowMs: NOW });
  assert.equal((await store.read('X')).length, 400, 'otherwise only the bar in conflict is kept out');
});

test('a bar is corrected where that was asked for, and stays so', async () => {
  using database = openDatabase(':memory:');
  const store = new BarStore(database);
  await store.add('X', bars, { nowMs: NOW });
  const wrong = bars.slice(200, 201).map((bar) => ({ ...bar, volume: 5 }));
  const { replaced } = await store.add('X', wrong, { nowMs: NOW, refuseConflicts: true, replace: true });
  assert.equal(replaced.length, 1);
  const read = await store.read('X');
  assert.deepEqual([read.length, read[200]?.volume], [bars.length, 5]);
});

test('a split that was refused stops the next batch too, until jumps are accepted', async () => {
  using database = openDatabase(':memory:');
  const store = new BarStore(database);
  await store.add('X', bars.slice(0, 300), { nowMs: NOW });
  const halved = bars.slice(300).map(({ time, open, high, low, close, volume }) => {
    return { time, open: open / 2, high: high / 2, low: low / 2, close: close / 2, volume };
  });
  const verdicts: string[] = [];
  for (const bar of halved.slice(0, 60)) {
    const judged = await store.add('X', [bar], { nowMs: NOW });
    verdicts.push(...judged.verdicts.map(({ verdict }) => verdict));
  }
  assert.deepEqual([...new Set(verdicts)], ['suspected-split', 'after-suspected-split']);
  assert.equal((await store.add('X', halved, { nowMs: NOW, acceptJumps: true })).fresh.length, 100);
  assert.equal((await store.add('X', halved, { nowMs: NOW })).held, undefined);
});

test('a full disk is a problem of its own; nothing is half stored, and what is there can be read', async () => {
  await using at = await folder();
  using database = openDatabase(join(at.path, 'p.sqlite'), { pagesMax: 10 });
  const store = new BarStore(database);
  await store.add('X', bars.slice(0, 50), { nowMs: NOW });
  assert.equal(await code(store.add('X', bars, { nowMs: NOW })), 'disk-full');
  assert.equal((await store.read('X')).length, 50);
});

test('a folder that cannot be had and a file that is no database are problems, not crashes', async () => {
  await using at = await folder();
  await writeFile(join(at.path, 'a-file'), '');
  const open = (path: string) => code((async () => openDatabase(path)[Symbol.dispose]())());
  assert.equal(await open(join(at.path, 'a-file', 'p.sqlite')), 'store-failed');
  assert.equal(await open(at.path), 'store-failed');
});

test('a database of a newer version is left alone', async () => {
  await using at = await folder();
  const path = join(at.path, 'p.sqlite');
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  assert.equal(await code((async () => openDatabase(path))()), 'store-failed');
});

test('versions count up, the new one is active, an old one can be made active again', async () => {
  using database = openDatabase(':memory:');
  const store = new VersionStore(database);
  const learnt = { combination: { losses: {} }, calibration: { shifts: [] }, unit: null };
  const body = { settings: FAMILY_DEFAULTS, models: [], learnt, adaptive: true, record: [] };
  const version = {
    symbol: 'X',
    createdMs: 1,
    origin: 'fit',
    dataFromMs: 0,
    dataToMs: 1,
    bars: 2,
    body,
  } as const;
  assert.equal(await store.active('X'), undefined);
  for (let i = 1; i <= VERSIONS_KEPT + 3; i += 1) assert.equal((await store.addActive(version)).version, i);
  assert.equal((await store.active('X'))?.version, VERSIONS_KEPT + 3);
  assert.equal((await store.activate('X', 10, 2)).version, 10);
  assert.equal((await store.active('X'))?.version, 10);
  assert.equal((await store.list('X')).length, VERSIONS_KEPT, 'only so many are kept');
  assert.equal(await code(store.activate('X', 1, 2)), 'unknown-version');
  assert.equal(await code(store.activate('Y', 10, 2)), 'unknown-version');
});
