import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A value that must never reach a log, a message or a file: however it is printed, only `[secret]` is seen. */
export class Secret {
  readonly #value: string;
  /** Where it was read from, for messages. */
  readonly source: string;

  constructor(value: string, source: string) {
    this.#value = value;
    this.source = source;
  }

  /** The value itself; for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
