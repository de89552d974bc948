import type { Mutant } from './mutant.ts';
import { importWith } from './plant.ts';

/** The first seed of every hunt: the world before it has 143 services and takes a second, which each of many defects would pay. */
const HUNT_FROM = 3;

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
  const { tally, failure } = await runSeeds(HUNT_FROM, ({ worlds }) => worlds < mutant.seeds);
  const violation = failure?.violation ?? null;
  return {
    mutant,
    seeds: violation === null ? null : tally.worlds,
    checker: violation?.checker ?? '',
    sentence: violation?.sentence ?? '',
  };
}
