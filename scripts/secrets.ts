// `npm run secrets`: makes what docker-compose.yml needs and nobody commits: secrets/ and .env. What is there stays as it
// is, but for placeholders, so that a second call changes nothing. `-- --people-now-url https://...` and its like give the addresses.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ADDRESSES, type Address, makeSecrets, PLACEHOLDER } from './makeSecrets.ts';

const ENVIRONMENT = `# Made by \`npm run secrets\`; yours to change (docs/install.md).
# \`full\`: everything. Empty: the agent, Prometheus, Alertmanager and the predictor alone.
COMPOSE_PROFILES=full
# The predictor shows a sample that ends in 2020, by a clock that begins there. For data of your own delete both.
PREDICTOR_SAMPLE=true
PREDICTOR_CLOCK_AT=2020-04-18T00:00:00Z
`;

const root = join(import.meta.dirname, '..');
const folder = join(root, 'secrets');
const options = ADDRESSES.map((name) => [name, name.replaceAll('_', '-')] as const);
const given = readAddresses();

const made = makeSecrets(folder, Object.fromEntries(given));
// One that was copied or unpacked may have lost it; this is what protects the files.
chmodSync(folder, 0o700);
for (const name of made) console.log(`made secrets/${name}`);
const kept = given.map(([name]) => name).filter((name) => !made.includes(name));
for (const name of kept) console.log(`kept secrets/${name} as it is: remove it first to change it`);
if (!existsSync(join(root, '.env'))) {
  writeFileSync(join(root, '.env'), ENVIRONMENT, { flag: 'wx' });
  console.log('made .env');
}
for (const name of ADDRESSES) {
  if (readFileSync(join(folder, name), 'utf8').trim() === PLACEHOLDER)
    console.warn(`NOBODY IS TOLD by secrets/${name}: write an address into it`);
}

/** The addresses that were given; ends with a sentence where one is none. */
function readAddresses(): readonly (readonly [Address, string])[] {
  try {
    const { values } = parseArgs({
      options: Object.fromEntries(options.map(([, flag]) => [flag, { type: 'string' as const }])),
    });
    return options.flatMap(([name, flag]) => {
      const value = values[flag];
      return typeof value === 'string' ? [[name, addressIn(value, flag)] as const] : [];
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error(`usage: npm run secrets -- ${options.map(([, flag]) => `[--${flag} ADDRESS]`).join(' ')}`);
    process.exit(2);
  }
}

function addressIn(value: string, flag: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) return url.href;
  throw new Error(`--${flag}: ${value} is no http:// or https:// address; nothing was made`);
}
