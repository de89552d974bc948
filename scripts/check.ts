// `npm run check`: everything that can be known without running the code. Each part is run, also after one
// failed, so that one call shows all there is to mend.
import { spawnSync } from 'node:child_process';

const parts: readonly { readonly what: string; readonly command: readonly string[] }[] = [
  { what: 'format and lint (biome)', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { what: 'types (tsc)', command: ['tsc', '--noEmit'] },
  { what: 'unused files, exports and dependencies (knip)', command: ['knip'] },
];

let failed = 0;
for (const { what, command } of parts) {
  console.log(`\n== ${what}`);
  const [program, ...args] = command;
  if (program === undefined) continue;
  const done = spawnSync(program, args, { stdio: 'inherit' });
  if (done.status !== 0) failed += 1;
}
console.log(failed === 0 ? '\ncheck: all good' : `\ncheck: ${failed} of ${parts.length} parts failed`);
process.exit(failed === 0 ? 0 : 1);
