import { ACTIONS } from '../../src/actions/index.ts';
import { type Config, type LoadResult, parseConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Environment } from '../../src/config/substitute.ts';

/** Checks a text as the file `mpa.yml`, in an environment that holds nothing but what is given. */
export function load(text: string, environment: Environment = {}): LoadResult {
  return parseConfig(text, { file: 'mpa.yml', environment, actions: ACTIONS });
}

/** Every problem of a text as one line, without the name of the file; empty when it is good. */
export function problemsOf(text: string, environment: Environment = {}): readonly string[] {
  const result = load(text, environment);
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem).replace(/^mpa\.yml:/, ''));
}

/** The configuration that a good text makes; fails the test with the problems otherwise. */
export function configOf(text: string, environment: Environment = {}): Config {
  const result = load(text, environment);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}
