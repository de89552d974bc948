import type { Mutant } from './mutant.ts';
import { importWith } from './plant.ts';

/** How a defect was found. */
export type Catch = {
  readonly mutant: Mutant;
  /** Worlds until it was found; `null`: it was not, within the mutant's seeds. */
  readonly seeds: number | null;
  readonly checker: string;
  readonly sentence: string;
};

/** Runs worlds with the defect in them until a checker complains. */
export async function hunt(mutant: Mutant): Promise<Catch> {
  const { runSeeds } = await importWith<typeof import('../seeds.ts')>(mutant, 'sim/seeds.ts');
  const { tally, failure } = await runSeeds(1, ({ worlds }) => worlds < mutant.seeds);
  const violation = failure?.violation ?? null;
  return {
    mutant,
    seeds: violation === null ? null : tally.worlds,
    checker: violation?.checker ?? '',
    sentence: violation?.sentence ?? '',
  };
}
