import { Problem } from '../problems.ts';
import type { RawBar } from '../series/bar.ts';
import { type ColumnNames, resolveColumns, toRawBar } from './columns.ts';

/**
 * The bars of a JSON text: a list of objects, found under `rowsAt` ("data.bars"), or at the top.
 * @throws Problem source-garbage
 */
export function barsOfJson(text: string, rowsAt: string | undefined, mapping: ColumnNames): RawBar[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem('source-garbage', `It is not JSON; it begins "${text.slice(0, 60)}".`, {}, error);
  }
  for (const key of rowsAt?.split('.') ?? []) {
    value = isObject(value) ? value[key] : undefined;
  }
  if (!Array.isArray(value)) {
    throw new Problem(
      'source-garbage',
      `There is no list ${rowsAt === undefined ? 'at the top' : `at "${rowsAt}"`}.`,
    );
  }
  const rows: unknown[] = value;
  const first = rows[0];
  if (!isObject(first)) throw new Problem('source-garbage', 'The list holds no objects.');
  const columns = resolveColumns(mapping, Object.keys(first));
  return rows.map((row) => toRawBar(isObject(row) ? row : {}, columns));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
