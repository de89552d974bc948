import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Settings } from '../core/settings.ts';
import type { Action } from '../ports.ts';
import { type BuildOptions, buildConfig } from './build.ts';
import { ConfigDocument } from './document.ts';
import type { EdgeOptions } from './edgeOptions.ts';
import { reportIssues } from './issues.ts';
import { configJsonSchema } from './jsonSchema.ts';
import { FILE_BYTES_MAX } from './limits.ts';
import type { Problem } from './problem.ts';
import { salvage } from './salvage.ts';
import { configSchema, type FormedConfig } from './schema.ts';
import { strategySchema } from './strategySchema.ts';
import type { Environment } from './substitute.ts';

/** A configuration that can be run. */
export type Config = { readonly settings: Settings; readonly edge: EdgeOptions };

/** All or nothing: a whole configuration, or everything that is wrong with it. */
export type LoadResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** What a configuration is read with. */
export type LoadOptions = {
  /** Path of the file; relative paths in it begin at its directory. */
  readonly file: string;
  readonly environment: Environment;
  /** The actions that steps can use. */
  readonly actions: readonly Action[];
  /** Looks for an optional package; by default as Node does. */
  readonly resolvePackage?: BuildOptions['resolvePackage'];
};

/** Reads and checks a configuration file. Never throws for what is wrong with the file or what it names. */
export function loadConfig(options: LoadOptions): LoadResult {
  const { file } = options;
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return refuse(file, 'is no file');
    if (stats.size > FILE_BYTES_MAX) return refuse(file, `is larger than ${FILE_BYTES_MAX} bytes`);
    return parseConfig(readFileSync(file, 'utf8'), options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return refuse(file, 'there is no such file; give the path of another');
    if (code === 'EACCES') return refuse(file, 'permission denied; let the user that runs the agent read it');
    if (code === undefined) throw error;
    return refuse(file, `cannot be read: ${error instanceof Error ? error.message : code}`);
  }
}

/** Checks the text of a configuration. Secrets that it names are read; nothing else is. */
export function parseConfig(text: string, options: LoadOptions): LoadResult {
  const document = new ConfigDocument(options.file, text, options.environment);
  const { value, problems, warnings } = document;
  if (value === undefined) return { ok: false, problems: sorted(problems), warnings };
  if (value === null) {
    return refuse(
      options.file,
      'the file is empty; write at least `targets`, or `{}` to run with the defaults alone',
    );
  }
  const written = checkForm(document, value, options.actions);
  const config =
    written === null
      ? null
      : buildConfig(written, document, { ...options, directory: dirname(resolve(options.file)) });
  if (config === null || problems.length > 0) return { ok: false, problems: sorted(problems), warnings };
  return { ok: true, config, warnings: sorted(warnings) };
}

/** The configuration without what its form forbids; that is reported. `null` when nothing is left of it. */
function checkForm(
  document: ConfigDocument,
  value: unknown,
  actions: readonly Action[],
): FormedConfig | null {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  reportIssues(document, parsed.error.issues, configJsonSchema(actions), value);
  if (typeof value !== 'object' || value === null || !('strategies' in value))
    return salvage(configSchema, value);
  // Each strategy by itself, since one that is not in form would take the whole list with it.
  const { strategies, ...others } = value;
  const rest = salvage(configSchema, others);
  if (rest === null || !Array.isArray(strategies)) return rest;
  return { ...rest, strategies: strategies.map((strategy) => salvage(strategySchema, strategy)) };
}

function sorted(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
}

function refuse(file: string, message: string): LoadResult {
  const problem: Problem = { file, line: 0, column: 0, key: '', message, allowed: [], nearest: null };
  return { ok: false, problems: [problem], warnings: [] };
}
