// `npm run sim:mutants [-- NAME ...]`: plants each defect and tells after how many seeds which checker found it.
import { readOptions, refuse } from '../../../scripts/readOptions.ts';
import { hunt } from './hunt.ts';
import { MUTANTS } from './list.ts';

const USAGE = `npm run sim:mutants [-- NAME ...]

  NAME  a defect to plant; all of them without any`;

async function main(): Promise<number> {
  const { positionals: names } = readOptions(USAGE, {}, true);
  const unknown = names.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    const known = MUTANTS.map(({ name }) => name).join(', ');
    refuse(`there is no defect ${unknown.join(', ')}; there are: ${known}`, USAGE);
  }
  const wanted = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
  let missed = 0;
  console.log('| defect | planted | seeds | found by |');
  console.log('| --- | --- | ---: | --- |');
  for (const mutant of wanted) {
    const found = await hunt(mutant);
    if (found.seeds === null) missed += 1;
    const seeds = found.seeds === null ? `NOT within ${mutant.seeds}` : `${found.seeds}`;
    console.log(`| ${mutant.name} | ${mutant.defect} | ${seeds} | ${found.checker} |`);
  }
  console.log(`\n${wanted.length - missed} of ${wanted.length} defects found`);
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main();
