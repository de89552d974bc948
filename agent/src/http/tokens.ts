import { createHash, timingSafeEqual } from 'node:crypto';

/** Some bearer tokens; only their hashes are kept. Several at once, so that one can be changed without a gap. */
export class TokenSet {
  static readonly EMPTY = new TokenSet([]);
  readonly #hashes: readonly Buffer[];

  constructor(tokens: readonly string[]) {
    this.#hashes = tokens.map(hashOf);
  }

  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /** In a time that does not depend on how much of which token is right: all hashes are compared, whole. */
  accepts(presented: string): boolean {
    const hash = hashOf(presented);
    return this.#hashes.reduce((accepted, known) => timingSafeEqual(known, hash) || accepted, false);
  }
}

/** The tokens in force; a reload replaces them while the server runs. */
export class TokenKeeper {
  #current: TokenSet;

  constructor(tokens: TokenSet) {
    this.#current = tokens;
  }

  get current(): TokenSet {
    return this.#current;
  }

  replace(tokens: TokenSet): void {
    this.#current = tokens;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
