import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';

export const monitoringFolder = resolve(import.meta.dirname, '..');
export const repositoryFolder = resolve(monitoringFolder, '..');

/** One alerting rule as it is written. */
export interface AlertRule {
  /** Name of its file, without the folder and the end. */
  readonly file: string;
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What is shipped in `prometheus/rules`. */
export interface Rules {
  readonly alerts: readonly AlertRule[];
  readonly recorded: readonly { readonly name: string; readonly expr: string }[];
}

interface WrittenFile {
  readonly groups: readonly {
    readonly rules: readonly ({ readonly record?: string } & Partial<Omit<AlertRule, 'file'>>)[];
  }[];
}

export function readRules(): Rules {
  const alerts: AlertRule[] = [];
  const recorded: { name: string; expr: string }[] = [];
  for (const path of globSync(join(monitoringFolder, 'prometheus/rules/*.yml')).sort()) {
    // The shape is what `promtool check rules` wants, and that is a test of its own.
    const { groups } = parse(readFileSync(path, 'utf8')) as WrittenFile;
    for (const { alert, record, expr = '', labels = {}, annotations = {} } of groups.flatMap(
      (g) => g.rules,
    )) {
      if (alert !== undefined)
        alerts.push({ file: basename(path, '.yml'), alert, expr, labels, annotations });
      if (record !== undefined) recorded.push({ name: record, expr });
    }
  }
  return { alerts, recorded };
}
