// The thread in which worlds are run. See apart.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { hunt } from '../mutants/hunt.ts';
import { MUTANTS } from '../mutants/list.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { importWith } from '../mutants/plant.ts';
import type { Answer, Task, Word, Worlds } from './task.ts';

function say(word: Word): void {
  parentPort?.postMessage(word);
}

/** What runs worlds, with a defect planted in it or without. */
async function load(mutant: string | null) {
  const whole = async () => ({
    ...(await import('../seeds.ts')),
    ...(await import('../shrink.ts')),
    ...(await import('../story.ts')),
  });
  if (mutant === null) return whole();
  const planted = mutantNamed(mutant);
  return {
    ...(await importWith<typeof import('../seeds.ts')>(planted, 'sim/seeds.ts')),
    ...(await importWith<typeof import('../shrink.ts')>(planted, 'sim/shrink.ts')),
    ...(await importWith<typeof import('../story.ts')>(planted, 'sim/story.ts')),
  };
}

function mutantNamed(wanted: string): Mutant {
  const mutant = MUTANTS.find(({ name }) => name === wanted);
  if (mutant === undefined) throw new Error(`no defect is named ${wanted}`);
  return mutant;
}

async function runWorlds({ from, amount, mutant }: Task & { kind: 'worlds' }): Promise<Worlds> {
  const { runSeeds, shrink, tell } = await load(mutant);
  const until = 'seconds' in amount ? Date.now() + amount.seconds * 1_000 : Number.POSITIVE_INFINITY;
  const count = 'seeds' in amount ? amount.seeds : Number.POSITIVE_INFINITY;
  const { tally, failure } = await runSeeds(from, ({ worlds }) => {
    const goesOn = worlds < count && Date.now() < until;
    if (goesOn) say({ kind: 'seed', seed: from + worlds });
    return goesOn;
  });
  return { tally, story: failure === null ? null : await tell(await shrink(failure)) };
}

async function run(task: Task): Promise<Answer<Task>> {
  switch (task.kind) {
    case 'worlds':
      return runWorlds(task);
    case 'hunt':
      return hunt(mutantNamed(task.mutant));
    default:
      return task satisfies never;
  }
}

// What apart.ts hands over; nobody else starts this file.
say({ kind: 'answer', answer: await run(workerData as Task) });
