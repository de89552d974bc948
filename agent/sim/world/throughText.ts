/**
 * What is read back of what was written as JSON: a copy that holds nothing of the original and nothing that text cannot
 * carry. It says what `JSON.parse(JSON.stringify(value))` says, in a third of the time; a test holds it to that.
 */
export function throughText<T>(value: T): T {
  // Bodies of entries are plain data: what is gone from the copy has no place in the type.
  return copyOf(value) as T;
}

function copyOf(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null; // Text knows no minus zero.
  if (typeof value !== 'object') return parsed(value);
  if (Array.isArray(value)) {
    const copies: unknown[] = [];
    for (const each of value) copies.push(copyOf(each) ?? null);
    return copies;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return parsed(value);
  const from = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key in from) {
    if (key === '__proto__' || key === 'toJSON') return parsed(value);
    const own = copyOf(from[key]);
    if (own !== undefined) copy[key] = own;
  }
  return copy;
}

/** The long way, for whatever is no plain data. */
function parsed(value: unknown): unknown {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}
