import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart } from '../apart/apart.ts';
import { hunt } from './hunt.ts';
import { MUTANTS } from './list.ts';
import { importWith } from './plant.ts';

/** One hunt may take so long, milliseconds; the longest took 20 s of a busy machine. */
const HUNT_MS = 240_000;

for (const mutant of MUTANTS) {
  test(`found within ${mutant.seeds} seeds: ${mutant.defect}`, async (t) => {
    const { seeds, checker, sentence } = await apart({ kind: 'hunt', mutant: mutant.name }, HUNT_MS);
    assert.ok(seeds !== null, `${mutant.name} was not found`);
    t.diagnostic(`${mutant.name}: seed ${seeds}, ${checker}: ${sentence}`);
  });
}

test('a failure is shrunk to a story that fails the same way, and can be read', async () => {
  const [mutant] = MUTANTS.filter(({ name }) => name === 'no-soak');
  assert.ok(mutant !== undefined);
  const { runSeeds } = await importWith<typeof import('../seeds.ts')>(mutant, 'sim/seeds.ts');
  const { shrink } = await importWith<typeof import('../shrink.ts')>(mutant, 'sim/shrink.ts');
  const { tell } = await importWith<typeof import('../story.ts')>(mutant, 'sim/story.ts');
  const { failure } = await runSeeds(1, ({ worlds }) => worlds < mutant.seeds);
  assert.ok(failure !== null);

  const small = await shrink(failure);
  assert.equal(small.violation?.checker, failure.violation?.checker);
  assert.ok(small.plan.happenings.length <= 3, `${small.plan.happenings.length} happenings are left`);
  assert.ok(small.plan.services.length <= 2, `${small.plan.services.length} services are left`);
  assert.match(await tell(small), /recovered means proved does not hold[\s\S]*what came of it/);
});

test('a defect whose place is no longer there is told, and not taken for planted', async () => {
  const mutant = {
    name: 'nowhere',
    defect: 'none',
    edits: [{ file: 'core/intake.ts', from: 'no such text', to: '' }],
    seeds: 1,
  };
  await assert.rejects(hunt(mutant), /stands there 0 times/);
});
