import type { z } from 'zod';
import type { ConfigDocument } from './document.ts';
import { nearestOf } from './nearest.ts';
import type { Path } from './problem.ts';
import { allowedKeys, type JsonSchema } from './schemaWalk.ts';

/** What the schema found wrong, told at the place in the file, with what is allowed there and the nearest word. */
export function reportIssues(
  document: ConfigDocument,
  issues: readonly z.core.$ZodIssue[],
  schema: JsonSchema,
  value: unknown,
  base: Path = [],
): void {
  for (const issue of issues) {
    // zod types a path as symbols too, but a value read from YAML has only names and positions.
    const inner = issue.path as Path;
    const path = [...base, ...inner];
    const found = valueAt(value, inner);
    const shown = document.isFromEnvironment(path) ? '(a value from the environment)' : show(found);
    switch (issue.code) {
      case 'unrecognized_keys': {
        const allowed = allowedKeys(schema, value, inner);
        for (const key of issue.keys) {
          document.reportForm([...path, key], `unknown key`, {
            at: 'key',
            allowed,
            nearest: nearestOf(key, allowed),
          });
        }
        break;
      }
      case 'invalid_type':
        if (!issue.message.startsWith('Invalid input')) document.reportForm(path, issue.message);
        else if (found === undefined) document.reportForm(path, `is required: ${article(issue.expected)}`);
        else document.reportForm(path, `must be ${article(issue.expected)}, not ${shown}`);
        break;
      case 'invalid_value':
        reportChoice(document, path, found, shown, issue.values.map(String));
        break;
      case 'invalid_union': {
        const options = 'options' in issue ? (issue.options ?? []).map(String) : [];
        if (options.length === 0) document.reportForm(path, issue.message);
        else reportChoice(document, path, found, shown, options);
        break;
      }
      case 'invalid_key':
        document.reportForm(path, `the name ${issue.issues.map(({ message }) => message).join('; ')}`, {
          at: 'key',
        });
        break;
      case 'too_small':
        document.reportForm(path, `${sizeOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`);
        break;
      case 'too_big':
        document.reportForm(path, `${sizeOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`);
        break;
      default:
        document.reportForm(path, issue.message);
    }
  }
}

function reportChoice(
  document: ConfigDocument,
  path: Path,
  found: unknown,
  shown: string,
  allowed: readonly string[],
): void {
  const nearest =
    typeof found === 'string' && !document.isFromEnvironment(path) ? nearestOf(found, allowed) : null;
  document.reportForm(path, found === undefined ? 'is required' : `must not be ${shown}`, {
    allowed,
    nearest,
  });
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    // It is an object that has this key; what it holds is unknown again.
    current = (current as Readonly<Record<string | number, unknown>>)[part];
  }
  return current;
}

function show(value: unknown): string {
  if (value === null) return 'nothing (the key has no value)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 80))}`;
  return typeof value === 'number' ? `the number ${value}` : String(value);
}

function article(expected: string): string {
  switch (expected) {
    case 'string':
      return 'a text';
    case 'int':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'keys and values';
    default:
      return expected;
  }
}

function sizeOf(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'must have' : 'must be';
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}
