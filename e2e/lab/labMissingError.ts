/** Thrown when a part of the lab (engine, program) cannot be had on this machine; the message names the remedy. */
export class LabMissingError extends Error {
  override readonly name = 'LabMissingError';
  readonly code = 'LAB_MISSING';

  /** @param what What is missing, as the beginning of a sentence. */
  constructor(what: string, options?: ErrorOptions) {
    super(
      `${what}; \`npm run lab:install\` (as root on Debian) installs what the tests on real parts need`,
      options,
    );
  }
}
