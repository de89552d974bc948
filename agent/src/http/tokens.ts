import { createHash, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { MpaError } from '../errors.ts';

const FILE_SIZE_BYTES_MAX = 65_536;
const TOKENS_MAX = 100;
/** What HTTP can carry after `Bearer`: printable ASCII without spaces. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/;

/** Some bearer tokens; only their hashes are kept. Several at once, so that one can be changed without a gap. */
export class TokenSet {
  static readonly EMPTY = new TokenSet([]);
  readonly #hashes: readonly Buffer[];

  constructor(tokens: readonly string[]) {
    this.#hashes = tokens.map(hashOf);
  }

  /**
   * Reads token files: one token a line, empty lines left out.
   *
   * @throws MpaError `TOKEN_FILE` when one cannot be read or holds no token: a file that was meant to protect
   * must not leave the door open.
   */
  static async read(files: readonly string[]): Promise<TokenSet> {
    const tokens = (await Promise.all(files.map(readTokens))).flat();
    if (tokens.length > TOKENS_MAX) throw new MpaError('TOKEN_FILE', `more than ${TOKENS_MAX} tokens`);
    return new TokenSet(tokens);
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

async function readTokens(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readBounded(file);
  } catch (error) {
    throw new MpaError(
      'TOKEN_FILE',
      `${file}: ${error instanceof Error ? error.message : 'cannot be read'}`,
      {
        cause: error,
      },
    );
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const tokens = lines.filter((line) => line !== '');
  if (tokens.length === 0) throw new MpaError('TOKEN_FILE', `${file} holds no token`);
  const wrong = tokens.findIndex((token) => !TOKEN.test(token));
  if (wrong >= 0) {
    // The token itself is never shown.
    throw new MpaError('TOKEN_FILE', `${file}: token ${wrong + 1} holds characters that HTTP cannot carry`);
  }
  return tokens;
}

async function readBounded(file: string): Promise<string> {
  await using handle = await open(file, 'r');
  const { bytesRead, buffer } = await handle.read({
    buffer: Buffer.alloc(FILE_SIZE_BYTES_MAX + 1),
    position: 0,
  });
  if (bytesRead > FILE_SIZE_BYTES_MAX) throw new Error(`is larger than ${FILE_SIZE_BYTES_MAX} bytes`);
  return buffer.toString('utf8', 0, bytesRead);
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
