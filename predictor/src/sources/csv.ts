import { parse } from 'csv-parse/sync';
import { Problem } from '../problems.ts';
import type { RawBar } from '../series/bar.ts';
import { type ColumnNames, resolveColumns, toRawBar } from './columns.ts';

/**
 * The rows of a CSV text with a header.
 * @throws Problem source-garbage
 */
export function parseCsv(text: string): Record<string, string>[] {
  try {
    // With `columns: true` csv-parse gives objects of strings, which its types do not say.
    return parse(text, {
      bom: true,
      columns: true,
      relax_column_count_less: true,
      skip_empty_lines: true,
      trim: true,
    }) as Record<string, string>[];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('source-garbage', `It is not CSV: ${reason}.`, {}, error);
  }
}

/** @throws Problem source-garbage */
export function barsOfCsv(text: string, mapping: ColumnNames): RawBar[] {
  const rows = parseCsv(text);
  const first = rows[0];
  if (first === undefined) throw new Problem('source-garbage', 'It holds no rows.');
  const columns = resolveColumns(mapping, Object.keys(first));
  return rows.map((row) => toRawBar(row, columns));
}
