/** What stands at the place that a pointer names; `found: false` when there is no such place. */
export type PointerResult = { readonly found: true; readonly value: unknown } | { readonly found: false };

const ABSENT: PointerResult = { found: false };

/**
 * Reads the value at an RFC 6901 pointer: `""` is the whole document, `/a/0/b~1c` goes through keys and indexes.
 * Only own properties count, so that no name of a prototype is ever "found" in a document.
 */
export function readPointer(document: unknown, pointer: string): PointerResult {
  if (pointer === '') return { found: true, value: document };
  if (!pointer.startsWith('/')) return ABSENT;
  let value = document;
  for (const token of pointer.slice(1).split('/').map(unescapeToken)) {
    const next = step(value, token);
    if (!next.found) return ABSENT;
    value = next.value;
  }
  return { found: true, value };
}

function step(value: unknown, token: string): PointerResult {
  if (Array.isArray(value)) {
    // An index has no sign and no leading zero; `-` names the place behind the last one, where nothing stands.
    if (!/^(0|[1-9]\d*)$/.test(token)) return ABSENT;
    const index = Number(token);
    return index < value.length ? { found: true, value: value[index] } : ABSENT;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return ABSENT;
  const descriptor = Object.getOwnPropertyDescriptor(value, token);
  return { found: true, value: descriptor?.value };
}

/** `~1` first: `~01` is the escaped form of `~1`, not of `/`. */
function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
