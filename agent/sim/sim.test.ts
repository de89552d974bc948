import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { generatePlan } from './plan/generate.ts';
import { describeTally, runSeeds } from './seeds.ts';
import { shrink } from './shrink.ts';
import { tell } from './story.ts';
import { type Outcome, runPlan } from './world/world.ts';

/** Seeds that every run goes through, from 1 on. */
const FIXED = 120;
/** How long fresh seeds are run, seconds. */
const FRESH_SECONDS = Number(process.env['MPA_SIM_SECONDS'] ?? '60');
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

async function assertHolds(failure: Outcome | null): Promise<void> {
  if (failure !== null) assert.fail(await tell(await shrink(failure)));
}

test('in the worlds of the fixed seeds everything holds', async (t) => {
  const { tally, failure } = await runSeeds(1, ({ worlds }) => worlds < FIXED);
  t.diagnostic(`seeds 1 to ${tally.worlds}: ${describeTally(tally)}`);
  await assertHolds(failure);
});

test('in worlds that nobody has seen before everything holds', async (t) => {
  const until = Date.now() + FRESH_SECONDS * 1_000;
  const { tally, failure } = await runSeeds(FRESH_FROM, () => Date.now() < until);
  t.diagnostic(`seeds ${FRESH_FROM} to ${FRESH_FROM + tally.worlds - 1}: ${describeTally(tally)}`);
  await assertHolds(failure);
});

test('a seed takes the same course each time', async () => {
  for (let seed = 1; seed <= 15; seed += 1) {
    const first = await runPlan(generatePlan(seed));
    const again = await runPlan(generatePlan(seed), true);
    assert.equal(again.print, first.print, `seed ${seed}`);
  }
});

test('the worlds hold what they are for: crashes, faults, signals, and calls that change something', async () => {
  const { tally } = await runSeeds(1, ({ worlds }) => worlds < 30);
  for (const count of [tally.incidents, tally.deaths, tally.faults, tally.signals, tally.calls]) {
    assert.ok(count > 30, describeTally(tally));
  }
});
