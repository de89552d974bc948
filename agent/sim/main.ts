// `npm run sim -- --seeds N [--from S]`: so many worlds, one seed after the other. Ends with 1 at the first that fails,
// after it told its story in the smallest form that still fails.
import { readOptions, refuse } from '../../scripts/readOptions.ts';
import { describeTally, runSeeds } from './seeds.ts';
import { shrink } from './shrink.ts';
import { tell } from './story.ts';

const USAGE = `npm run sim [-- --seeds N] [--from SEED] [--whole]

  --seeds N    how many worlds, one seed after the other; 1000
  --from SEED  the first; 1
  --whole      tell a failure as it was, and not the smallest world that still fails`;

async function main(): Promise<number> {
  const { values } = readOptions(USAGE, {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
  });
  const count = Number(values.seeds);
  const from = Number(values.from);
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(from) || count < 1) {
    refuse('--seeds and --from want whole numbers', USAGE);
  }
  const began = process.cpuUsage();
  const { tally, failure } = await runSeeds(from, ({ worlds }) => worlds < count);
  const used = process.cpuUsage(began);
  const seconds = (used.user + used.system) / 1e6;
  console.log(`seeds ${from} to ${from + tally.worlds - 1}: ${describeTally(tally)}`);
  console.log(
    `${Math.round(tally.incidents / seconds)} incidents per second of CPU (${seconds.toFixed(1)} s)`,
  );
  if (failure === null) return 0;
  console.log(`\n${await tell(values.whole ? failure : await shrink(failure))}`);
  return 1;
}

process.exitCode = await main();
