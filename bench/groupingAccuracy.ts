import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TemplateMiner } from '../agent/src/diagnosis/templates/templateMiner.ts';

/** A line of a set, and the group that people put it into. */
type Labelled = { readonly content: string; readonly event: string };

/**
 * Grouping accuracy: the share of lines whose group is, line for line, the one that people put them into.
 *
 * @param truth the group of each line, as people see it
 * @param found the group of each line, as it was found
 */
function groupingAccuracy(truth: readonly string[], found: readonly string[]): number {
  const sizes = sizesOf(truth);
  const groups = Map.groupBy(truth.keys(), (index) => found[index] ?? '');
  let right = 0;
  for (const lines of groups.values()) {
    const events = new Set(lines.map((index) => truth[index] ?? ''));
    const [event] = events;
    if (events.size === 1 && event !== undefined && sizes.get(event) === lines.length) right += lines.length;
  }
  return truth.length === 0 ? 1 : right / truth.length;
}

/**
 * The accuracy for each set in a folder of Loghub's layout (`NAME/NAME_2k.log_structured.csv`), message content alone,
 * all with the same configuration: there is none.
 */
export function measureSets(folder: string): string {
  const files = globSync('**/*_structured.csv', { cwd: folder }).toSorted();
  if (files.length === 0) return `no *_structured.csv in ${folder}`;
  const results = files.map((file) => {
    const lines = readSet(readFileSync(join(folder, file), 'utf8'));
    const miner = new TemplateMiner();
    const refs = lines.map(({ content }) => miner.add(content));
    const found = refs.map((ref) => miner.templateOf(ref).id);
    const truth = lines.map(({ event }) => event);
    return { name: basename(file).split('_')[0] ?? file, accuracy: groupingAccuracy(truth, found) };
  });
  const average = results.reduce((sum, { accuracy }) => sum + accuracy, 0) / results.length;
  return [...results, { name: 'average', accuracy: average }]
    .map(({ name, accuracy }) => `${name.padEnd(12)} ${accuracy.toFixed(4)}`)
    .join('\n');
}

function sizesOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]));
}

function readSet(csv: string): readonly Labelled[] {
  const [header = [], ...rows] = readCsv(csv);
  const [content, event] = [header.indexOf('Content'), header.indexOf('EventId')];
  return rows.map((row) => ({ content: row[content] ?? '', event: row[event] ?? '' }));
}

/** Rows of a CSV file as RFC 4180 has it. */
function readCsv(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const { 1: quoted, 2: bare = '', 3: end } of csv.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\n\r"]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
