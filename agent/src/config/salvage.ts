import type { z } from 'zod';
import type { Path } from './problem.ts';

/** Taking out one thing can leave another one incomplete; so often is that followed. */
const ROUNDS_MAX = 8;

/**
 * What is left of a plain value when all that the schema refuses is taken out of it, so that the rest can be checked
 * further and all problems are told at once; `null` when the rest has no form either. Changes the value.
 */
export function salvage<T>(schema: z.ZodType<T>, value: unknown): T | null {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    takeOut(value, parsed.error.issues);
  }
  return null;
}

/** Entries of lists are never taken out one by one: the places of those behind them would shift. */
function takeOut(root: unknown, issues: readonly z.core.$ZodIssue[]): void {
  for (const issue of issues) {
    // A value read from YAML has no symbols for keys.
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(root, [...path, key]);
    else remove(root, path);
  }
}

/** Takes out the value at the path, or the nearest thing around it that is the value of a key and is there. */
function remove(root: unknown, path: Path): void {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = lookUp(root, path.slice(0, length - 1));
    const key = path[length - 1];
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent) || key === undefined) continue;
    if (!Object.hasOwn(parent, key)) continue;
    Reflect.deleteProperty(parent, key);
    return;
  }
}

function lookUp(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    root,
  );
}
