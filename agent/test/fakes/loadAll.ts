import type { Entry } from '../../src/core/entry.ts';
import { FLEET_ENTRIES } from '../../src/core/fleet/fold.ts';
import type { Journal } from '../../src/ports.ts';

/** What a journal gives to a start, all at once. */
export function loadAll(
  journal: Pick<Journal, 'load'>,
  since: number,
  types: Parameters<Journal['load']>[1] = FLEET_ENTRIES,
): Promise<readonly Entry[]> {
  return Array.fromAsync(journal.load(since, types), ({ entry }) => entry);
}
