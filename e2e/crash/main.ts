// `npm run crash-test -- --rounds N`: kills the agent at random moments of real recoveries, and counts.
import { readOptions, refuse } from '../../scripts/readOptions.ts';
import { runRounds } from './rounds.ts';

const USAGE = `npm run crash-test [-- --rounds N]

  --rounds N  how often; 100`;

const { values } = readOptions(USAGE, { rounds: { type: 'string', default: '100' } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  refuse('--rounds wants a whole number from 1 on', USAGE);
}
const { problems, ...counts } = await runRounds(rounds, Math.random, (sentence) => console.log(sentence));
console.log(counts);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
