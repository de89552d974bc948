import { existsSync } from 'node:fs';
import type { ProcessTable } from './processTable.ts';
import { ProcfsTable } from './procfsTable.ts';
import { PsTable } from './psTable.ts';

/** The table of this machine. */
export function openProcessTable(): ProcessTable {
  return existsSync('/proc/self/stat') ? new ProcfsTable() : new PsTable();
}
