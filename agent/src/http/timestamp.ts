/** RFC 3339 as Go writes it: any number of fraction digits, `Z` or an offset. */
const RFC3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Go's zero time stands for "no time"; nothing before this date is meant as one. */
const FIRST_MS = Date.UTC(1970, 0, 1);

/**
 * A point in time as Alertmanager writes it.
 *
 * @returns milliseconds since the epoch, truncated; `null` for Go's zero time (`0001-01-01T00:00:00Z`);
 * `undefined` when the text is no time.
 */
export function parseTimestamp(text: string): number | null | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = match;
  const ms = Date.parse(`${seconds}${fraction.slice(0, 4)}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return ms <= FIRST_MS ? null : ms;
}
