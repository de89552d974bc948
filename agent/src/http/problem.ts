import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { printable } from '../core/printable.ts';
import { ERRORS, type ErrorCode, MpaError } from '../errors.ts';
import { FIELD_ERRORS_MAX } from './fieldError.ts';
import { DEFAULT_HTTP_LIMITS } from './limits.ts';
import { RequestInvalidError } from './requestInvalidError.ts';

/** Seconds after which a sender that was told 503 may come again; Alertmanager goes by a backoff of its own. */
export const RETRY_AFTER_S = 5;

/** What the agent takes; nothing sets another limit. */
const BODY_MIB = DEFAULT_HTTP_LIMITS.bodySizeBytes / 1_048_576;

const STATUS: { readonly [code in ErrorCode]?: number } = {
  JOURNAL_WRITE: 503,
  JOURNAL_READ: 503,
  JOURNAL_LOCKED: 503,
  OVERLOADED: 503,
  NOT_ANSWERED: 503,
  UNKNOWN_TARGET: 404,
  UNKNOWN_INCIDENT: 404,
  UNKNOWN_MAINTENANCE: 404,
  NO_ROUTE: 404,
  NOT_POSSIBLE: 409,
  PROTECTED: 409,
  CONFIG_INVALID: 422,
  TOKEN_FILE: 422,
  OPEN_LISTENER: 422,
  UNAUTHORIZED: 401,
  FOREIGN_ORIGIN: 403,
  NOT_ALERTMANAGER_V4: 400,
  REQUEST_INVALID: 400,
  BODY_NOT_JSON: 400,
  BODY_TOO_DEEP: 400,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE: 415,
};

/** An error as the API answers it: RFC 9457, with the agent's stable code. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string().meta({ description: 'Stable; see docs/operations.' }),
  remedy: z.string(),
  errors: z
    .array(z.object({ path: z.string(), reason: z.string() }))
    .readonly()
    .optional()
    .meta({ description: 'Each wrong field; at most 20.' }),
  taken: z
    .number()
    .int()
    .optional()
    .meta({ description: 'Alerts of the message that were taken all the same.' }),
});

export type Problem = z.output<typeof problemSchema>;

/** The answer to an error. What is no expected error becomes `INTERNAL`, without a word of what it said. */
export function problemOf(error: unknown): Problem {
  const known = asExpected(error);
  const status = STATUS[known.code] ?? 500;
  return {
    type: `urn:mpa:error:${known.code}`,
    title: ERRORS[known.code].sentence,
    status,
    detail: printable(known.detail),
    code: known.code,
    remedy: known.remedy,
    ...(known instanceof RequestInvalidError
      ? { errors: known.errors, ...(known.partly === null ? {} : { taken: known.partly.taken }) }
      : {}),
  };
}

function asExpected(error: unknown): MpaError {
  if (error instanceof MpaError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new RequestInvalidError(
      error.validation.slice(0, FIELD_ERRORS_MAX).map(({ instancePath, message }) => ({
        // A JSON pointer; the fields of this API are at most one level deep.
        path: printable(instancePath.slice(1), 100),
        reason: printable(message ?? 'is wrong', 300),
      })),
    );
  }
  const { code, statusCode } = describeFrameworkError(error);
  if (statusCode === 413) return new MpaError('BODY_TOO_LARGE', `it is over ${BODY_MIB} MiB`);
  if (statusCode === 415) return new MpaError('MEDIA_TYPE', 'only application/json is read');
  if (code === 'FST_ERR_HANDLER_TIMEOUT')
    return new MpaError('NOT_ANSWERED', 'the time for an answer is over');
  if (statusCode >= 400 && statusCode < 500) {
    return new RequestInvalidError([{ path: '', reason: 'is not well-formed HTTP for this address' }]);
  }
  return new MpaError('INTERNAL', 'something that should not happen happened');
}

/** Fastify's own errors carry a code and a status. */
function describeFrameworkError(error: unknown): { readonly code: string; readonly statusCode: number } {
  if (typeof error !== 'object' || error === null) return { code: '', statusCode: 500 };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const statusCode = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return { code, statusCode };
}
