import { readFileSync } from 'node:fs';
import { DURATION_PATTERN } from '../duration.ts';
import type { Action } from '../ports.ts';
import { configJsonSchema } from './jsonSchema.ts';
import type { JsonSchema } from './schemaWalk.ts';
import { SHIPPED_FILE } from './shippedStrategies.ts';
import { STEP_KEYS } from './strategySchema.ts';
import { withVariables } from './variables.ts';

/** The JSON Schema file that editors read. */
export function editorSchemaFile(actions: readonly Action[]): string {
  return `${JSON.stringify(withVariables(configJsonSchema(actions)), null, 2)}\n`;
}

/** `docs/configuration.md`: what is written by hand, with the keys, actions and shipped strategies filled in. */
export function referencePage(template: string, actions: readonly Action[]): string {
  const schema = configJsonSchema(actions);
  const steps = schema.properties?.['strategies']?.items?.properties?.['steps']?.items;
  const pieces: Readonly<Record<string, string>> = {
    keys: table(rowsOf({ ...schema, properties: withoutSteps(schema) }, '')),
    actions: (steps?.oneOf ?? []).map(actionSection).join('\n\n'),
    strategies: `\`\`\`yaml shipped\n${readFileSync(SHIPPED_FILE, 'utf8').trim()}\n\`\`\``,
  };
  return template.replace(/<!-- generated: (\w+) -->\n(?:[\s\S]*?)<!-- end -->/g, (_whole, name: string) => {
    return `<!-- generated: ${name} -->\n\n${pieces[name] ?? ''}\n\n<!-- end -->`;
  });
}

type Row = {
  readonly key: string;
  readonly type: string;
  readonly standard: string;
  readonly description: string;
};

/** The steps are told action by action, in a section of their own. */
function withoutSteps(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { strategies, ...others } = schema.properties ?? {};
  const { steps, ...rest } = strategies?.items?.properties ?? {};
  return {
    ...others,
    strategies: {
      ...strategies,
      items: {
        ...strategies?.items,
        properties: { ...rest, steps: { type: 'array', description: steps?.description } },
      },
    },
  };
}

function rowsOf(schema: JsonSchema, prefix: string): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const required = (schema.required ?? []).includes(name);
    return [rowOf(`${prefix}${name}`, child, required), ...childRows(`${prefix}${name}`, child)];
  });
}

/** What a target may override is told once, under the global key. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['targets.NAME.verification', 'targets.NAME.guards']);

function childRows(key: string, schema: JsonSchema): readonly Row[] {
  if (TOLD_ELSEWHERE.has(key)) return [];
  if (schema.properties !== undefined) return rowsOf(schema, `${key}.`);
  if (typeof schema.additionalProperties === 'object')
    return childRows(`${key}.NAME`, schema.additionalProperties);
  if (schema.items !== undefined) return childRows(`${key}[]`, schema.items);
  return (schema.oneOf ?? []).flatMap((option) => {
    const kind = option.properties?.['type']?.const;
    return kind === undefined ? [] : rowsOf(option, `${key}(${String(kind)}).`);
  });
}

function rowOf(key: string, schema: JsonSchema, required: boolean): Row {
  const standard = required ? 'required' : schema.default === undefined ? '' : defaultOf(schema.default);
  return { key: `\`${key}\``, type: typeOf(schema), standard, description: schema.description ?? '' };
}

function defaultOf(value: unknown): string {
  return typeof value === 'string' && value.includes(' ')
    ? value
    : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(', ');
  if (schema.oneOf !== undefined || schema.anyOf !== undefined)
    return [...new Set([...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map(typeOf))].join(' or ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  switch (schema.type) {
    case 'string':
      return schema.pattern === DURATION_PATTERN ? 'duration' : 'text';
    case 'integer':
      return 'whole number';
    case 'boolean':
      return '`true`, `false`';
    case 'array':
      return 'list';
    case 'object':
      return 'keys';
    default:
      return [schema.type ?? 'any'].flat().join(' or ');
  }
}

function actionSection(option: JsonSchema): string {
  const parameters = Object.entries(option.properties ?? {}).filter(([key]) => !STEP_KEYS.has(key));
  const rows = rowsOf({ properties: Object.fromEntries(parameters), required: option.required }, '');
  const heading = `### \`${String(option.properties?.['action']?.const)}\`\n\n${option.description ?? ''}`;
  return rows.length === 0 ? heading : `${heading}\n\n${table(rows)}`;
}

function table(rows: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [
    '| key | value | default | meaning |',
    '|---|---|---|---|',
    ...rows.map(
      ({ key, type, standard, description }) =>
        `| ${[key, type, standard, description].map(cell).join(' | ')} |`,
    ),
  ].join('\n');
}
