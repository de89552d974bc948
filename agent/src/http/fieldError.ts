import { printable } from '../core/printable.ts';

/** One field of a request that is wrong. */
export type FieldError = {
  /** Such as `alerts[3].labels.severity`; empty for the body as a whole. */
  readonly path: string;
  readonly reason: string;
};

/** At most so many are named in an answer; the sender mends them and sees the rest. */
export const FIELD_ERRORS_MAX = 20;

/** What zod says of one field, as far as it is used here. */
type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** The fields that a schema found wrong, with `prefix` before their paths; safe to print, and bounded. */
export function fieldErrors(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.slice(0, FIELD_ERRORS_MAX).map(({ path, message }) => ({
    path: pathOf([...prefix, ...path]),
    reason: printable(message, 300),
  }));
}

function pathOf(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = printable(String(key), 100);
    return path === '' ? name : `${path}.${name}`;
  }, '');
}
