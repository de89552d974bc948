import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHistory } from '../../../src/engine/evidence/history.ts';
import { alert, START_AT, settings, target } from '../given.ts';
import { Harness } from '../harness.ts';

/** Lets the target fail and be recovered, once. */
async function recoverOnce(harness: Harness): Promise<void> {
  const before = harness.outcomes().length;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(60_000);
  await harness.fire(alert('web', { status: 'resolved', endsAt: harness.clock.now() }));
  assert.equal(harness.outcomes().length, before + 1);
}

const laterOf = (harness: Harness, of = 'web') => ({
  id: 'inc-now',
  target: of,
  openedAt: harness.clock.now(),
});

test('the first incident of a target has no history', async () => {
  const harness = await Harness.started();
  assert.deepEqual(await readHistory(harness.journal, laterOf(harness)), { piece: null, wellState: null });
  await recoverOnce(harness);
  assert.equal((await readHistory(harness.journal, laterOf(harness, 'other'))).piece, null);
});

test('what was done and what it came to is told of earlier incidents, the newest first', async () => {
  const harness = await Harness.started();
  await recoverOnce(harness);
  await harness.pass(3_600_000);
  await recoverOnce(harness);
  const { piece } = await readHistory(harness.journal, laterOf(harness));
  const lines = piece?.text.split('\n') ?? [];
  assert.equal(lines.length, 2);
  const told =
    /^\S+Z inc-\d+: recovered after [\d.]+ s; why: .*; strategy test; done: check_logs succeeded, restart of web-1, (proved well, )?restart succeeded, .*$/;
  for (const line of lines) assert.match(line, told);
  const [newest = '', oldest = ''] = lines;
  assert.ok(newest > oldest, 'by their times');
});

test('only so many are told of, and that there are more', async () => {
  const harness = await Harness.started();
  for (let turn = 0; turn < 6; turn += 1) {
    await recoverOnce(harness);
    await harness.pass(3_600_000);
  }
  const { piece } = await readHistory(harness.journal, laterOf(harness));
  assert.equal(piece?.text.split('\n').length, 5);
  assert.equal(piece?.truncated, true);
});

test('what the target was when it was well again is known from the journal, also to an agent that has just started', async () => {
  const harness = await Harness.started();
  await recoverOnce(harness);
  await harness.pass(3_600_000);
  const fresh = await Harness.restarted(harness);
  const container = fresh.runtime.run('web');
  container.revision = 'image@2';
  fresh.runtime.die('web-1');
  await fresh.fire(alert('web', { startsAt: fresh.clock.now() }));
  await fresh.pass(60_000);
  const items = fresh.said('evidence-gathered').flatMap((entry) => entry.items);
  const changes = items.filter(({ kind }) => kind === 'changes');
  assert.match(changes.at(-1)?.text ?? '', /web-1: configuration changed from image@1 to image@2/);
  assert.ok(items.some(({ kind, text }) => kind === 'history' && text.includes('recovered after')));
  const own = fresh.content.entries.filter(({ body }) => body.type === 'evidence-gathered').at(-1)?.incident;
  const ids = fresh.content.entries
    .filter(({ incident }) => incident === own)
    .flatMap(({ body }) => (body.type === 'evidence-gathered' ? body.items.map(({ id }) => id) : []));
  assert.equal(new Set(ids).size, ids.length);
});

test('another image is told also by an agent that was not there when the target was well, and had no incident', async () => {
  const harness = await Harness.started();
  void harness.engine.survey(15_000);
  await harness.pass(60_000);
  assert.equal(harness.said('seen-well').length, 1, 'written down once, not at every look');
  const fresh = await Harness.restarted(harness);
  fresh.runtime.run('web').revision = 'image@2';
  fresh.runtime.die('web-1');
  await fresh.fire(alert('web', { startsAt: fresh.clock.now() }));
  await fresh.pass(60_000);
  const [first] = fresh.said('evidence-gathered');
  const changes = first?.items.find(({ kind }) => kind === 'changes')?.text ?? '';
  assert.match(changes, /^last seen well: .*\nweb-1: configuration changed from image@1 to image@2/);
  assert.deepEqual(
    fresh.said('seen-well').map(({ instances }) => instances.map(({ revision }) => revision)),
    [['image@1'], ['image@2']],
  );
});

test('what has not changed is written down once a day', async () => {
  const harness = await Harness.started();
  void harness.engine.survey(3_600_000);
  await harness.pass(3 * 86_400_000 + 7_200_000);
  assert.equal(harness.said('seen-well').length, 3);
});

test('another image since the target was last looked at is in the evidence of its failure', async () => {
  const harness = await Harness.started(settings({ targets: [target('web')] }));
  void harness.engine.survey(15_000);
  await harness.pass(1_000);
  const container = harness.runtime.run('web');
  container.revision = 'image@2';
  harness.runtime.die('web-1');
  await harness.fire(alert('web', { startsAt: START_AT + 1_000 }));
  await harness.pass(5_000);
  const [first] = harness.said('evidence-gathered');
  const changes = first?.items.find(({ kind }) => kind === 'changes');
  assert.match(
    changes?.text ?? '',
    /^last seen well: .*\nweb-1: configuration changed from image@1 to image@2/,
  );
});
