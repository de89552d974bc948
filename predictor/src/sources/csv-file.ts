import { readFile, stat } from 'node:fs/promises';
import { Problem } from '../problems.ts';
import type { ColumnNames } from './columns.ts';
import { barsOfCsv } from './csv.ts';
import { BODY_MAX_BYTES, type Source } from './source.ts';

/** A CSV file with a header. */
export function csvFileSource(path: string, mapping: ColumnNames = {}): Source {
  return {
    description: `CSV file ${path}`,
    async fetch(_symbol, signal) {
      return barsOfCsv(await readText(path, signal), mapping);
    },
  };
}

/** @throws Problem source-unreachable, source-garbage */
export async function readText(path: string, signal?: AbortSignal): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > BODY_MAX_BYTES)
      throw new Problem('source-garbage', `${path} is larger than ${BODY_MAX_BYTES} bytes.`);
    return await readFile(path, { encoding: 'utf8', ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('source-unreachable', `${path} cannot be read: ${reason}.`, {}, error);
  }
}
