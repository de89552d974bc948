/** What the HTTP server takes at most. Lengths are in UTF-16 units, sizes in bytes, durations in milliseconds. */
export type HttpLimits = {
  readonly bodySizeBytes: number;
  /** Nesting of arrays and objects in a body; Alertmanager's own messages need 4. */
  readonly bodyDepth: number;
  /** Alerts taken from one message; what is over counts as left out by the sender. */
  readonly alertsPerMessage: number;
  readonly labelsPerAlert: number;
  readonly labelNameLength: number;
  readonly labelValueLength: number;
  readonly annotationsPerAlert: number;
  readonly annotationLength: number;
  /** Messages being read or committed at once; one more is asked to come again. */
  readonly webhooksInFlight: number;
  readonly connections: number;
  /** Until the headers have come. */
  readonly headersTimeoutMs: number;
  /** Until the whole request has come. */
  readonly requestTimeoutMs: number;
  /** Until the answer is ready; the reading of the request counts. */
  readonly answerTimeoutMs: number;
  /** How long requests under way may take to end when the server closes. */
  readonly closeGraceMs: number;
};

/**
 * Body size as in Fastify; the rest is far above what real rules make (Prometheus itself warns long before) and
 * far below what would hurt. The answer comes within Alertmanager's shortest flush deadline of 10 s.
 */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  bodySizeBytes: 1_048_576,
  bodyDepth: 32,
  alertsPerMessage: 1_000,
  labelsPerAlert: 100,
  labelNameLength: 1_024,
  labelValueLength: 4_096,
  annotationsPerAlert: 100,
  annotationLength: 4_096,
  webhooksInFlight: 32,
  connections: 512,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 8_000,
  answerTimeoutMs: 9_000,
  closeGraceMs: 5_000,
};
