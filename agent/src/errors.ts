/**
 * All expected errors in one table: a stable code, the sentence, and what to do. The sentence is completed by the
 * details that the place of the error knows.
 */
export const ERRORS = {
  JOURNAL_WRITE: {
    sentence: 'The journal could not be written',
    remedy:
      'Free disk space or mend the permissions of the journal file; nothing is mutated until it can be written.',
  },
  JOURNAL_READ: {
    sentence: 'The journal could not be read',
    remedy: 'Run `mpa journal verify`, or restore a backup.',
  },
  JOURNAL_SCHEMA: {
    sentence: 'The journal was written by a newer version',
    remedy: 'Run that version or a newer one; this one does not touch the file.',
  },
  JOURNAL_LOCKED: {
    sentence: 'Another agent uses this journal',
    remedy: 'Stop the other agent, or give this one a journal of its own.',
  },
  FILE_EXISTS: {
    sentence: 'There is a file of that name',
    remedy: 'Give another name; nothing is overwritten.',
  },
  RUNTIME_UNREACHABLE: {
    sentence: 'The runtime does not answer',
    remedy:
      'See that the Docker Engine (or its socket proxy) runs and that the address in `docker.host` is right.',
  },
  RUNTIME_FORBIDDEN: {
    sentence: 'The runtime refuses the agent',
    remedy:
      'Add the agent’s user to the group that owns the socket (`group_add` in Compose), or use the socket proxy.',
  },
  RUNTIME_FAILED: {
    sentence: 'The runtime answered with an error',
    remedy: 'See its words; the Docker daemon’s log says more.',
  },
  RUNTIME_GONE: {
    sentence: 'The instance is gone',
    remedy: 'It was removed or recreated meanwhile; the agent looks again.',
  },
  RUNTIME_TIMEOUT: {
    sentence: 'The runtime did not answer in time',
    remedy: 'The agent looks what happened before anything is repeated.',
  },
  SERVICE_FAILED: {
    sentence: 'A service that the agent calls did not do what was asked',
    remedy: 'See that it runs, and that its address and token in the configuration are right.',
  },
  OVERLOADED: {
    sentence: 'The agent is full',
    remedy: 'It takes signals again when incidents have ended; the sender tries again.',
  },
  UNKNOWN_TARGET: { sentence: 'No such target', remedy: 'See `mpa targets` for the names.' },
  UNKNOWN_INCIDENT: { sentence: 'No such incident', remedy: 'See `mpa incidents list` for the ids.' },
  UNKNOWN_MAINTENANCE: {
    sentence: 'No such maintenance is open',
    remedy: 'See `mpa maintenance list` for the ids.',
  },
  NOT_POSSIBLE: {
    sentence: 'That is not possible now',
    remedy: 'See `mpa incidents`, `mpa maintenance` and `mpa mode` for what is under way.',
  },
  CANNOT_LISTEN: {
    sentence: 'The agent cannot listen there',
    remedy: 'Another program may use the port; choose another in `server.listen`.',
  },
  CONFIG_INVALID: {
    sentence: 'The configuration has errors',
    remedy: 'Run `mpa check-config`; nothing was changed.',
  },
  PROTECTED: {
    sentence: 'That target is protected',
    remedy: 'The agent never acts on itself or on what it stands on.',
  },
  UNAUTHORIZED: {
    sentence: 'The token is missing or wrong',
    remedy:
      'Send `Authorization: Bearer TOKEN` with a token that stands in one of the configured token files.',
  },
  FOREIGN_ORIGIN: {
    sentence: 'The request came under a foreign name',
    remedy:
      'Without a token only loopback names are answered; configure a token to be reached by other names.',
  },
  NOT_ALERTMANAGER_V4: {
    sentence: 'The body is not an Alertmanager webhook message of version 4',
    remedy: 'Point an Alertmanager `webhook_configs` receiver here, without a `payload:` of its own.',
  },
  REQUEST_INVALID: {
    sentence: 'The request has wrong fields',
    remedy:
      'See `errors` for each field and what is wrong with it, and `GET /api/openapi.json` for what is allowed.',
  },
  BODY_NOT_JSON: { sentence: 'The body is not JSON', remedy: 'Send one JSON object in UTF-8.' },
  BODY_TOO_DEEP: { sentence: 'The body is nested too deeply', remedy: 'Send what the OpenAPI describes.' },
  BODY_TOO_LARGE: {
    sentence: 'The body is too large',
    remedy: 'Set a lower `max_alerts` in Alertmanager’s `webhook_configs`.',
  },
  MEDIA_TYPE: {
    sentence: 'The body’s media type is not understood',
    remedy: 'Send `Content-Type: application/json`.',
  },
  NO_ROUTE: { sentence: 'There is nothing here', remedy: 'See `GET /api/openapi.json` for what there is.' },
  NOT_ANSWERED: {
    sentence: 'The request was not done in time',
    remedy: 'Try again; what is asked twice is done once.',
  },
  INTERNAL: {
    sentence: 'The agent has a defect',
    remedy: 'See the agent’s log at this time, and report it.',
  },
  TOKEN_FILE: {
    sentence: 'A token file cannot be used',
    remedy: 'Put the token, alone, into the file and make it readable for the user that runs this.',
  },
  OPEN_LISTENER: {
    sentence: 'The agent does not listen beyond loopback without tokens',
    remedy: 'Configure token files for the webhook and for operators, or listen on 127.0.0.1.',
  },
  AGENT_UNREACHABLE: {
    sentence: 'The agent cannot be reached',
    remedy: 'See that it runs, and give its address by `--url` or the environment variable MPA_URL.',
  },
  LOGS_UNREADABLE: {
    sentence: 'The log cannot be read',
    remedy: 'Give a text file that may be read, or `-` to read standard input.',
  },
  AGENT_REFUSED: {
    sentence: 'The agent refused',
    remedy: 'See its words.',
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error that was expected: it has a code, and its message says what, where and what to do. */
export class MpaError extends Error {
  override readonly name: string = 'MpaError';
  readonly code: ErrorCode;
  readonly remedy: string;
  /** What only the place of the error knows. */
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(`${ERRORS[code].sentence}: ${detail}. ${ERRORS[code].remedy}`, options);
    this.code = code;
    this.remedy = ERRORS[code].remedy;
    this.detail = detail;
  }
}

/** A call to a runtime failed. */
export class RuntimeError extends MpaError {
  override readonly name = 'RuntimeError';
  /** Whether the call may have had its effect all the same; then look, and never repeat blindly. */
  readonly applied: 'no' | 'maybe';

  constructor(code: ErrorCode, detail: string, applied: 'no' | 'maybe', options?: ErrorOptions) {
    super(code, detail, options);
    this.applied = applied;
  }
}

/** The journal could not do its work. */
export class JournalError extends MpaError {
  override readonly name = 'JournalError';
}
