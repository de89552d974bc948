/**
 * An entry says what this version has no word for: a newer one wrote it. What it means for its incident nobody here can
 * know, so that the incident is left to a person.
 */
export class NewerEntryError extends Error {
  override readonly name = 'NewerEntryError';
  readonly #what: string;

  /** @param writer Version of the agent that wrote it; `null`: not known. */
  constructor(what: string, writer: string | null = null) {
    const who = writer === null ? 'a newer version' : `version ${writer}`;
    super(
      `${who} of the agent wrote “${what}”, which this one does not know: run that version or a newer one`,
    );
    this.#what = what;
  }

  writtenBy(version: string | null): NewerEntryError {
    return new NewerEntryError(this.#what, version);
  }
}
