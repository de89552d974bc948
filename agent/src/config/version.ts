import { createHash } from 'node:crypto';

/** A short name for a configuration: the same for the same effective values, whatever its comments and order of keys. */
export function versionOf(effective: unknown): string {
  return createHash('sha256').update(canonical(effective)).digest('hex').slice(0, 12);
}

/** JSON with sorted keys. Functions, which a matcher holds, say nothing that its text does not; secrets show nothing. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (inner instanceof Map) return Object.fromEntries([...inner].sort());
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
      return Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)));
    }) ?? 'undefined'
  );
}
