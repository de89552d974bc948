import { Problem } from '../problems.ts';
import type { RawBar } from '../series/bar.ts';

/** The names under which a source has the fields of a bar. */
export interface ColumnMapping {
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** Left out: the series has no volume. */
  readonly volume?: string | undefined;
}

/** What a source's configuration says of its columns; the rest goes by the usual names. */
export type ColumnNames = { readonly [Field in keyof ColumnMapping]?: string | undefined };

const USUAL: Readonly<Record<keyof ColumnMapping, readonly string[]>> = {
  time: ['time', 'date', 'datetime', 'timestamp', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
};

/**
 * Completes a mapping by the usual names, whatever their case.
 * @throws Problem source-garbage when a field is nowhere to be found
 */
export function resolveColumns(given: ColumnNames, present: readonly string[]): ColumnMapping {
  const find = (field: keyof ColumnMapping): string | undefined => {
    const wanted = given[field];
    if (wanted !== undefined) return present.includes(wanted) ? wanted : undefined;
    return USUAL[field]
      .map((name) => present.find((column) => column.trim().toLowerCase() === name))
      .find(Boolean);
  };
  const need = (field: keyof ColumnMapping): string => {
    const column = find(field);
    if (column !== undefined) return column;
    const wanted = given[field] === undefined ? `for "${field}"` : `"${given[field]}" (for "${field}")`;
    throw new Problem(
      'source-garbage',
      `There is no column ${wanted}; there is: ${present.slice(0, 20).join(', ').slice(0, 200) || 'nothing'}.`,
    );
  };
  return {
    time: need('time'),
    open: need('open'),
    high: need('high'),
    low: need('low'),
    close: need('close'),
    volume: find('volume'),
  };
}

export function toRawBar(row: Readonly<Record<string, unknown>>, columns: ColumnMapping): RawBar {
  return {
    time: row[columns.time],
    open: row[columns.open],
    high: row[columns.high],
    low: row[columns.low],
    close: row[columns.close],
    volume: columns.volume === undefined ? 0 : row[columns.volume],
  };
}
