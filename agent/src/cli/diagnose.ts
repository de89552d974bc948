import type { Command } from 'commander';
import { escapeUnsafe, printable } from '../core/printable.ts';
import { type Template, TemplateMiner, type TemplateRef } from '../diagnosis/templates/templateMiner.ts';
import { RARE_SHARE } from '../diagnosis/templates/unusual.ts';
import { MpaError } from '../errors.ts';
import type { CliIo } from './io.ts';
import { logLines } from './logLines.ts';
import { openLog } from './openLog.ts';
import { Pipe } from './pipe.ts';
import { table } from './table.ts';

/** Most lines that `--lines` tells of one by one: what each was is kept until the end. */
const LINES_MAX = 5_000_000;
/** Longest text of a template that is shown in the table; JSON has all of it. */
const SHOWN_MAX = 400;
/** Lines of the answer that are written at once. */
const BATCH = 1_000;

type Options = { readonly lines?: boolean; readonly json?: boolean };
type Input = AsyncIterable<string>;
type Mined = { readonly miner: TemplateMiner; readonly count: number; readonly refs: readonly TemplateRef[] };

/** Registers `mpa diagnose` with `logs`. It asks no agent: it works on any file. */
export function registerDiagnose(program: Command, io: CliIo, stdin: () => Input): void {
  const diagnose = program.command('diagnose').description('look into what a service left behind');
  diagnose
    .command('logs')
    .description('fold the lines of a log into templates, and say which are rare')
    .argument('<file>', 'a text file with one message a line, or - for standard input')
    .option('--lines', 'for each line in order, the template that it is of')
    .option('--json', 'answer in JSON; with --lines one object a line')
    .action(async (file: string, options: Options) => {
      io.finish(await diagnoseLogs(file, options, io, stdin));
    });
}

/** @returns the exit code: 0, or 1 when the log could not be read. */
async function diagnoseLogs(file: string, options: Options, io: CliIo, stdin: () => Input): Promise<0 | 1> {
  try {
    const mined = await mine(file, file === '-' ? stdin() : openLog(file), options.lines === true);
    using pipe = new Pipe(io.stdout);
    const tell = options.lines === true ? tellLines : tellTemplates;
    await tell(mined, options.json === true, pipe);
    return 0;
  } catch (error) {
    if (!(error instanceof MpaError)) throw error;
    const { code, detail, remedy } = error;
    if (options.json === true) io.stdout.write(`${JSON.stringify({ error: { code, detail, remedy } })}\n`);
    else io.stderr.write(`mpa: ${printable(error.message, 4_000)}\n`);
    return 1;
  }
}

async function mine(name: string, input: Input, keepsRefs: boolean): Promise<Mined> {
  const miner = new TemplateMiner();
  const refs: TemplateRef[] = [];
  let count = 0;
  try {
    for await (const line of logLines(input, name === '-' ? 'standard input' : name)) {
      count += 1;
      const ref = miner.add(line);
      if (!keepsRefs) continue;
      if (count > LINES_MAX)
        throw new MpaError('LOGS_UNREADABLE', `--lines tells of ${LINES_MAX} lines at most; there are more`);
      refs.push(ref);
    }
  } catch (error) {
    throw error instanceof MpaError ? error : new MpaError('LOGS_UNREADABLE', reasonOf(name, error));
  }
  return { miner, count, refs };
}

function reasonOf(name: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `there is no file ${name}`;
  if (code === 'EISDIR') return `${name} is a directory`;
  if (code === 'EACCES' || code === 'EPERM') return `${name} may not be read by this user`;
  return `${name}: ${error instanceof Error ? error.message : String(error)}`;
}

function isRare({ count }: Template, lines: number): boolean {
  return count < lines * RARE_SHARE;
}

/** The commonest first, and what is rare in the order in which it came. */
async function tellTemplates({ miner, count }: Mined, json: boolean, pipe: Pipe): Promise<void> {
  const templates = miner
    .templates()
    .toSorted((one, other) => other.count - one.count || one.since - other.since);
  if (json) {
    const told = templates.map((template) => ({
      template_id: template.id,
      template: template.text,
      count: template.count,
      first_line: template.since,
      rare: isRare(template, count),
    }));
    await pipe.write(`${escapeUnsafe(JSON.stringify({ lines: count, templates: told }))}\n`);
    return;
  }
  const shown = [
    `${count} lines, ${templates.length} templates`,
    ...(templates.length === 0
      ? []
      : ['', ...table(['COUNT', 'SHARE', 'ID', 'TEMPLATE'], templates.map(rowOf))]),
    ...rareLines(templates, count),
  ];
  await pipe.write(`${shown.join('\n')}\n`);

  function rowOf({ id, text, count: own }: Template): readonly string[] {
    return [String(own), percent(own / count), id, printable(text, SHOWN_MAX)];
  }
}

function rareLines(templates: readonly Template[], lines: number): readonly string[] {
  const rare = templates.filter((template) => isRare(template, lines));
  if (rare.length === 0) return ['', `rare (less than ${percent(RARE_SHARE)} of the lines): none`];
  const rows = rare
    .toSorted((one, other) => one.since - other.since)
    .map(({ id, text, count, since }) => [String(since), String(count), id, printable(text, SHOWN_MAX)]);
  return [
    '',
    `rare (less than ${percent(RARE_SHARE)} of the lines):`,
    ...table(['FIRST LINE', 'COUNT', 'ID', 'TEMPLATE'], rows),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
}

/** Told at the end, when the templates are final. */
async function tellLines({ miner, refs }: Mined, json: boolean, pipe: Pipe): Promise<void> {
  const endings = new Map<Template, string>();
  for (let from = 0; from < refs.length; from += BATCH) {
    const told = refs.slice(from, from + BATCH).map((ref, index) => {
      const template = miner.templateOf(ref);
      const ending = endings.get(template) ?? endingOf(template, json);
      endings.set(template, ending);
      return json ? `{"line":${from + index + 1},${ending}` : `${from + index + 1}  ${ending}`;
    });
    if (!(await pipe.write(told.join('')))) return;
  }
}

function endingOf({ id, text }: Template, json: boolean): string {
  if (!json) return `${id}  ${printable(text, SHOWN_MAX)}\n`;
  return `"template_id":${JSON.stringify(id)},"template":${escapeUnsafe(JSON.stringify(text))}}\n`;
}
