import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { apart } from './apart/apart.ts';
import type { Amount } from './apart/task.ts';
import { generatePlan } from './plan/generate.ts';
import { describeTally } from './seeds.ts';
import { runPlan } from './world/world.ts';

/** Seeds that every run goes through, from 1 on. */
const FIXED = 120;
/** How long fresh seeds are run, seconds. */
const FRESH_SECONDS = Number(process.env['MPA_SIM_SECONDS'] ?? '60');
/** What the fixed seeds, or the shrinking of a failure, may take beyond that; milliseconds. */
const WITHIN_MS = 240_000;
const GIT_MS = 10_000;
/** The first fresh seed; given, a run is repeated. */
const FRESH_FROM = Number(process.env['MPA_SIM_FROM'] ?? seedOfTree() ?? Date.now() % 2 ** 31);

/**
 * Each state of the repository has worlds of its own: fresh with every commit, and a build that fails fails again until
 * it is mended. `null` where there is no repository.
 */
function seedOfTree(): number | null {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD^{tree}'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: GIT_MS,
  });
  return status === 0 ? Number.parseInt(stdout.slice(0, 8), 16) % 2 ** 31 : null;
}

/** Runs worlds, prints what they went through, and fails with the story of the first in which something does not hold. */
async function assertHolds(t: TestContext, from: number, amount: Amount): Promise<void> {
  const seconds = 'seconds' in amount ? amount.seconds : 0;
  const { tally, story } = await apart(
    { kind: 'worlds', from, amount, mutant: null },
    seconds * 1_000 + WITHIN_MS,
  );
  t.diagnostic(`seeds ${from} to ${from + tally.worlds - 1}: ${describeTally(tally)}`);
  if (story !== null) assert.fail(story);
  assert.ok(tally.worlds > 0, 'no world was run: is MPA_SIM_SECONDS a number of seconds?');
}

test('in the worlds of the fixed seeds everything holds', (t) => assertHolds(t, 1, { seeds: FIXED }));

test('in worlds that nobody has seen before everything holds', (t) =>
  assertHolds(t, FRESH_FROM, { seconds: FRESH_SECONDS }));

test('a seed takes the same course each time', async () => {
  for (let seed = 1; seed <= 15; seed += 1) {
    const first = await runPlan(generatePlan(seed));
    const again = await runPlan(generatePlan(seed), true);
    assert.equal(again.print, first.print, `seed ${seed}`);
  }
});

test('the worlds hold what they are for: crashes, faults, signals, and calls that change something', async () => {
  const task = { kind: 'worlds', from: 1, amount: { seeds: 30 }, mutant: null } as const;
  const { tally } = await apart(task, WITHIN_MS);
  for (const count of [tally.incidents, tally.deaths, tally.faults, tally.signals, tally.calls]) {
    assert.ok(count > 30, describeTally(tally));
  }
});
