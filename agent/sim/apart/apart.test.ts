import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart } from './apart.ts';

const WITHIN_MS = 120_000;

test('a world that fails is told: its seed, what does not hold, and what came of it', async () => {
  const task = { kind: 'worlds', from: 1, amount: { seeds: 60 }, mutant: 'no-soak' } as const;
  const { tally, story } = await apart(task, WITHIN_MS);
  assert.ok(tally.worlds < 60);
  assert.match(story ?? '', /^seed \d+: recovered means proved does not hold/);
  assert.match(story ?? '', /again: npm run sim -- --seeds 1 --from \d+/);
});

test('worlds that go on for too long are ended, and said to have not answered', async () => {
  const task = { kind: 'worlds', from: 1, amount: { seconds: 3_600 }, mutant: null } as const;
  await assert.rejects(apart(task, 2_000), /no answer within 2 s/);
});

test('what is thrown in the thread is thrown to who asked', async () => {
  await assert.rejects(apart({ kind: 'hunt', mutant: 'nobody' }, WITHIN_MS), ({ cause }: Error) => {
    assert.match(String(cause), /no defect is named nobody/);
    return true;
  });
});
