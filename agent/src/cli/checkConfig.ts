import { type Explanation, explain } from '../config/explain.ts';
import type { LoadResult } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';

/** Something that takes text: `process.stdout`, or what a test reads. */
type TextSink = { write(text: string): unknown };

/** What `mpa check-config` is called with. */
export type CheckConfigOptions = {
  readonly file: string;
  readonly json: boolean;
  readonly load: (file: string) => LoadResult;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
};

/**
 * Checks a configuration and says what is in force.
 *
 * @returns the exit code: 0 when it can be run, 1 when it has errors.
 */
export function checkConfig({ file, json, load, stdout, stderr }: CheckConfigOptions): 0 | 1 {
  const result = load(file);
  if (json) {
    const { ok, warnings } = result;
    const answer = result.ok
      ? { ok, file, warnings, errors: [], effective: explain(result.config) }
      : { ok, file, warnings, errors: result.problems };
    stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return ok ? 0 : 1;
  }
  for (const warning of result.warnings) stderr.write(`warning: ${formatProblem(warning)}\n`);
  if (!result.ok) {
    for (const problem of result.problems) stderr.write(`error: ${formatProblem(problem)}\n`);
    const count = result.problems.length;
    stderr.write(`${file}: ${count} ${count === 1 ? 'error' : 'errors'}; it would not be loaded\n`);
    return 1;
  }
  stdout.write(render(file, explain(result.config)));
  return 0;
}

function render(file: string, { version, agent, targets, strategies }: Explanation): string {
  const lines = [`${file} is good (version ${version})`, '', 'agent', ...agent.map(renderFact)];
  for (const { name, facts } of targets) lines.push('', `target ${name}`, ...facts.map(renderFact));
  lines.push('', 'strategies, the first that fits is taken');
  strategies.forEach((strategy, index) => {
    lines.push(
      `  ${index + 1}. ${strategy.name} [${strategy.mode}] for ${strategy.for.join('; ')}`,
      `     ${strategy.steps.join(' -> ')}`,
    );
  });
  return `${lines.join('\n')}\n`;
}

function renderFact({ name, value }: { readonly name: string; readonly value: string }): string {
  return `  ${name.padEnd(20)} ${value}`;
}
