// `npm run bench`: measures on this machine and prints tables. It does not judge: the exit code is 0 also where a part
// could not be measured; then the tables are followed by why.
import { arch, cpus, platform, totalmem } from 'node:os';
import { readOptions } from '../scripts/readOptions.ts';
import { acceptedToCall } from './acceptedToCall.ts';
import { callOnEngine } from './callOnEngine.ts';
import { measureDiagnosis } from './diagnosis.ts';
import { measureSets } from './groupingAccuracy.ts';
import { killToAnswer } from './killToAnswer.ts';
import { formatStorms, storms } from './storm.ts';
import { formatTable, type Row } from './table.ts';
import { measureTemplates } from './templates.ts';
import { interruption } from './time.ts';

const USAGE = `npm run bench [-- --only PART[,PART]] [--quick]

  recording  webhook to restart call, on a Docker socket that only keeps record
  engine     webhook to the restart's first event, on a real engine
  kill       kill and frozen to HTTP 200 on a real engine, beside a bare call and a bare loop
  storm      many alerts and many messages at once
  diagnosis  lines a second in which causes are looked for, and out of which secrets are taken
  templates  lines a second that are folded into templates; with --loghub also how well

  --quick    a tenth of the turns
  --loghub FOLDER  the Loghub-2k sets (NAME/NAME_2k.log_structured.csv), which are not a part of this repository`;

const { values } = readOptions(USAGE, {
  only: { type: 'string' },
  quick: { type: 'boolean' },
  loghub: { type: 'string' },
});
const times = (n: number) => (values.quick === true ? Math.max(3, Math.round(n / 10)) : n);
const timed: Row[] = [];

/** Each part answers with what is printed besides the table of times. */
const parts: Readonly<Record<string, () => Promise<string>>> = {
  recording: () => rows(acceptedToCall(times(200))),
  engine: () => rows(callOnEngine(times(200))),
  kill: () => rows(killToAnswer(times(30), times(15))),
  storm: async () => formatStorms(await storms()),
  diagnosis: async () => measureDiagnosis(),
  templates: async () =>
    [measureTemplates(), ...(values.loghub === undefined ? [] : [measureSets(values.loghub)])].join('\n\n'),
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());

await run(values.only?.split(',') ?? Object.keys(parts));

async function rows(measuring: Promise<readonly Row[]>): Promise<string> {
  timed.push(...(await measuring));
  return '';
}

async function run(names: readonly string[]): Promise<void> {
  const others: string[] = [];
  for (const name of names) {
    if (interruption.signal.aborted) break;
    const part = parts[name];
    if (part === undefined) {
      others.push(`There is no part ${name}; there are: ${Object.keys(parts).join(', ')}.`);
      continue;
    }
    console.error(`measuring: ${name} ...`);
    try {
      others.push(await part());
    } catch (error) {
      others.push(`${name} was not measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const table = timed.length === 0 ? '' : formatTable(timed);
  console.log([`${machine()}. Times in ms.`, table, ...others].filter((text) => text !== '').join('\n\n'));
}

function machine(): string {
  const memoryGiB = (totalmem() / 1024 ** 3).toFixed(0);
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memoryGiB} GiB, ${platform()} ${arch()}, Node ${process.version}`;
}
