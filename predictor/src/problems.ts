/**
 * Everything that can go wrong and is expected to: its HTTP status, what it is called, and what helps. The code is
 * stable: it is the last part of the problem's `type`, and the label of the metrics that count it.
 */
export const PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    remedy: 'See the OpenAPI document at /openapi.json.',
  },
  'horizon-out-of-range': {
    status: 400,
    title: 'The horizon is out of range',
    remedy: 'Ask for 1 to 20 steps.',
  },
  'levels-out-of-range': {
    status: 400,
    title: 'A level is out of range',
    remedy: 'Ask for 1 to 10 levels, each from 0.02 to 0.998.',
  },
  unauthorized: {
    status: 401,
    title: 'A valid bearer token is needed',
    remedy: 'Send "Authorization: Bearer" with the token of --token-file.',
  },
  'repairs-disabled': {
    status: 403,
    title: 'Changes over HTTP are switched off',
    remedy: 'Start the service with --token-file.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here',
    remedy: 'See the OpenAPI document at /openapi.json.',
  },
  'unknown-symbol': {
    status: 404,
    title: 'No such series',
    remedy: 'GET /v1/series lists them; import bars to make one.',
  },
  'unknown-version': { status: 404, title: 'No such model version', remedy: 'GET /v1/models lists them.' },
  'no-good-version': {
    status: 409,
    title: 'No kept model version has a good record',
    remedy: 'The active version is unchanged. Look at the newest bars, then POST /v1/models/{symbol}/fit.',
  },
  'no-model': {
    status: 409,
    title: 'The series has no fitted model yet',
    remedy: 'POST /v1/models/{symbol}/fit.',
  },
  'no-backtest': {
    status: 404,
    title: 'No backtest of this series was run',
    remedy: 'POST /v1/backtests/{symbol}, or run "predictor backtest".',
  },
  'bars-conflict': {
    status: 409,
    title: 'Bars disagree with those in the series',
    remedy:
      'Nothing was stored. Correct the bars, leave the conflicting ones out, or send them with "replace": true.',
  },
  'too-few-bars': { status: 422, title: 'The series has too few bars', remedy: 'Import more history.' },
  'fit-failed': {
    status: 422,
    title: 'The fit did not converge',
    remedy: 'The active version is unchanged. Look at the newest bars, or fit on more of them.',
  },
  'payload-too-large': { status: 413, title: 'The request is too large', remedy: 'Send fewer bars at once.' },
  'unsupported-media-type': {
    status: 415,
    title: 'This media type is not understood',
    remedy: 'Send application/json.',
  },
  'source-unreachable': {
    status: 502,
    title: 'The source of the series cannot be reached',
    remedy: 'Forecasts go on from the bars at hand, marked as stale. Look at the provider.',
  },
  'source-garbage': {
    status: 502,
    title: 'The source of the series answered with something else than bars',
    remedy:
      'Forecasts go on from the bars at hand, marked as stale. Look at its answer, and at the column mapping.',
  },
  'source-timeout': {
    status: 504,
    title: 'The source of the series did not answer in time',
    remedy: 'Forecasts go on from the bars at hand, marked as stale. Look at the provider.',
  },
  'repair-incomplete': {
    status: 502,
    title: 'The repair failed for some series',
    remedy: 'The others are repaired. Repair the named ones one by one; each says what is wrong with it.',
  },
  busy: { status: 503, title: 'Too much is waiting to be computed', remedy: 'Try again in a few seconds.' },
  'compute-timeout': {
    status: 503,
    title: 'A computation took too long and was ended',
    remedy: 'Try again; if it stays, use fewer bars.',
  },
  'compute-failed': { status: 500, title: 'A computation failed', remedy: 'See the log of the service.' },
  'shutting-down': { status: 503, title: 'The service is stopping', remedy: 'Try again in a few seconds.' },
  'disk-full': {
    status: 507,
    title: 'The disk is full',
    remedy: 'Free space on the volume of the database. Forecasts go on from memory.',
  },
  'store-failed': {
    status: 503,
    title: 'The database cannot be used',
    remedy: 'See the log; check the volume of the database.',
  },
  'fault-injected': { status: 500, title: 'A fault was asked for', remedy: 'DELETE /v1/faults ends it.' },
  internal: { status: 500, title: 'Something unexpected went wrong', remedy: 'See the log of the service.' },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** An expected failure, on its way to whoever asked. */
export class Problem extends Error {
  readonly code: ProblemCode;
  /** Further members of the problem document. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail: string,
    extra: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'Problem';
    this.code = code;
    this.extra = extra;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** The body of RFC 9457, media type application/problem+json. */
export function problemDocument(problem: Problem): Record<string, unknown> {
  const { status, title, remedy } = PROBLEMS[problem.code];
  return {
    type: `urn:predictor:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    remedy,
    ...problem.extra,
  };
}

/** What to say of any error in one line: a problem as itself, anything else as unexpected. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('internal', message, {}, error);
}
