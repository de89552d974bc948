// `npm run crash-test -- --rounds N`: kills the agent at random moments of real recoveries, and counts.
import { parseArgs } from 'node:util';
import { runRounds } from './rounds.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('--rounds wants a whole number from 1 on');
  process.exit(2);
}
const { problems, ...counts } = await runRounds(rounds, Math.random, (sentence) => console.log(sentence));
console.log(counts);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
