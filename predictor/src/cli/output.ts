import { InvalidArgumentError } from 'commander';
import { asProblem, PROBLEMS, problemDocument } from '../problems.ts';

/** Says what went wrong and what helps on standard error, and sets the exit status. */
export function reportFailure(error: unknown): void {
  const problem = asProblem(error);
  const { title } = PROBLEMS[problem.code];
  const remedy =
    problem.code === 'invalid-request' ? 'Add --help for what can be said.' : PROBLEMS[problem.code].remedy;
  if (process.argv.includes('--json')) console.error(JSON.stringify(problemDocument(problem)));
  else console.error(`error: ${title}. ${problem.message}\n${remedy}`);
  if (problem.code === 'internal' && error instanceof Error) console.error(error.stack);
  process.exitCode = 1;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** Rows under headings; numbers to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [header, ...rows]) {
    console.log(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    );
  }
}

/** The progress of long work on standard error: one line that is written over on a terminal, tenths elsewhere. */
export function progressLine(what: string): (done: number, total: number) => void {
  let shownTenth = -1;
  return (done, total) => {
    const share = total === 0 ? 0 : done / total;
    if (process.stderr.isTTY) {
      process.stderr.write(
        `\r${what}: ${done} of ${total} (${Math.floor(100 * share)} %)${done >= total ? '\n' : ''}`,
      );
      return;
    }
    const tenth = Math.floor(10 * share);
    if (tenth === shownTenth) return;
    shownTenth = tenth;
    process.stderr.write(`${what}: ${tenth * 10} %\n`);
  };
}

/** For commander: a whole number in a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** For commander: an ISO date or date and time. */
export function isoTime(text: string): number {
  const value = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(value)) {
    throw new InvalidArgumentError('It must be an ISO date, such as 2020-03-31 or 2020-03-31T21:00:00Z.');
  }
  return value;
}
