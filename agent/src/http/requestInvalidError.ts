import { MpaError } from '../errors.ts';
import type { FieldError } from './fieldError.ts';

/** How many alerts of the message were committed all the same, and how many were not. */
export type Partly = { readonly taken: number; readonly refused: number };

/** A request whose fields are wrong; the answer names them. */
export class RequestInvalidError extends MpaError {
  override readonly name = 'RequestInvalidError';
  readonly errors: readonly FieldError[];
  /** `null`: nothing of the request was done. */
  readonly partly: Partly | null;

  constructor(errors: readonly FieldError[], partly: Partly | null = null) {
    super('REQUEST_INVALID', describe(errors, partly));
    this.errors = errors;
    this.partly = partly;
  }
}

function describe(errors: readonly FieldError[], partly: Partly | null): string {
  const [first] = errors;
  const what =
    first === undefined
      ? 'see the OpenAPI'
      : `${first.path === '' ? 'the body' : first.path}: ${first.reason}`;
  if (partly === null) return what;
  return `${what}; alerts of the message: ${partly.refused} refused, ${partly.taken} taken`;
}
