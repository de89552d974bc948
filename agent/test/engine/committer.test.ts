import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft, Entry } from '../../src/core/entry.ts';
import { Committer } from '../../src/engine/committer.ts';
import { draft } from '../fakes/drafts.ts';

const OPEN = draft({ type: 'agent-stopped', reason: 'a test' });

/** A committer over a list; each submitted task folds as many entries as it is told. */
function open() {
  const folded: Draft[] = [];
  const commits: number[] = [];
  const committer = new Committer({
    append: async (drafts): Promise<readonly Entry[]> => {
      commits.push(drafts.length);
      return [];
    },
    prepare: () => undefined,
    conclude: () => undefined,
    takeFolded: () => folded.splice(0),
    onCommitted: () => undefined,
    onFailure: async () => undefined,
  });
  const fold = (entries: number) =>
    committer.submit(() => folded.push(...Array.from({ length: entries }, () => OPEN)));
  return { committer, commits, folded, fold };
}

test('decisions that come at the same moment share one commit', async () => {
  const { commits, fold } = open();
  await Promise.all([fold(1), fold(2), fold(3)]);
  assert.deepEqual(commits, [6]);
});

test('a commit that is large enough takes no further decision, and none is left behind', async () => {
  const { commits, fold } = open();
  await Promise.all([fold(600), fold(600), fold(600), fold(1)]);
  assert.deepEqual(commits, [1_200, 601]);
});

test('what a decision folded before it threw is committed, and only its own promise rejects', async () => {
  const { committer, commits, folded, fold } = open();
  const failing = committer.submit(() => {
    folded.push(OPEN);
    throw new Error('a defect');
  });
  await Promise.all([fold(2), assert.rejects(failing, /a defect/)]);
  assert.deepEqual(commits, [3]);
});

test('who wants to see only what is durable is let in between two commits', async () => {
  const folded: Draft[] = [];
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const committer = new Committer({
    append: async () => {
      await written;
      return [];
    },
    prepare: () => undefined,
    conclude: () => undefined,
    takeFolded: () => folded.splice(0),
    onCommitted: () => undefined,
    onFailure: async () => undefined,
  });
  const order: string[] = [];
  const decided = committer.submit(() => folded.push(OPEN)).then(() => order.push('durable'));
  await Promise.resolve();
  await Promise.resolve();
  const seen = committer.between(() => order.push('seen'));
  const next = committer.submit(() => order.push('next'));
  write();
  await Promise.all([decided, seen, next]);
  assert.ok(order.indexOf('durable') < order.indexOf('seen'));
  assert.ok(order.indexOf('seen') < order.indexOf('next'));
});
