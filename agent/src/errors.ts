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
  OVERLOADED: {
    sentence: 'The agent is full',
    remedy: 'It takes signals again when incidents have ended; the sender tries again.',
  },
  UNKNOWN_TARGET: { sentence: 'No such target', remedy: 'See `GET /api/v1/targets` for the names.' },
  UNKNOWN_INCIDENT: { sentence: 'No such incident', remedy: 'See `mpa incidents list` for the ids.' },
  NOT_POSSIBLE: { sentence: 'That is not possible now', remedy: 'See the incident’s phase.' },
  CONFIG_INVALID: {
    sentence: 'The configuration has errors',
    remedy: 'Run `mpa check-config`; nothing was changed.',
  },
  PROTECTED: {
    sentence: 'That target is protected',
    remedy: 'The agent never acts on itself or on what it stands on.',
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
