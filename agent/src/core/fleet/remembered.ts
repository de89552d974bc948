/** How long anything is remembered beyond the guards' own windows, milliseconds. */
export const FLEET_MEMORY_MS = 3_600_000;

/** Upper bound, so that a storm cannot grow the memory. */
const RECORDS_MAX = 20_000;

/** The records that may still be asked for, oldest first as they came; the same list where none is too many. */
export function remembered<T extends { readonly at: number }>(records: T[], now: number): T[] {
  const since = now - FLEET_MEMORY_MS * 2;
  return records.length > RECORDS_MAX || (records[0]?.at ?? now) < since
    ? records.filter(({ at }) => at >= since).slice(-RECORDS_MAX)
    : records;
}
