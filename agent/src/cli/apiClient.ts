import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { ERRORS, type ErrorCode, MpaError } from '../errors.ts';
import { problemSchema } from '../http/problem.ts';

/** Longest answer that is read; one page of an incident's journal stays far below. */
const ANSWER_BYTES_MAX = 64 * 1_048_576;

/** Where a running agent answers, and with which token. */
export type ApiAddress = {
  readonly url: string;
  /** File with an operator token, alone. `null`: the agent wants none. */
  readonly tokenFile: string | null;
  /** For each call, milliseconds. */
  readonly timeoutMs: number;
};

/** Speaks to a running agent over its API. Every failure is an `MpaError` that says what to do. */
export class ApiClient {
  readonly #base: URL;
  readonly #token: string | null;
  readonly #tokenFile: string | null;
  readonly #timeoutMs: number;

  constructor(base: URL, token: string | null, { tokenFile, timeoutMs }: ApiAddress) {
    this.#base = base;
    this.#token = token;
    this.#tokenFile = tokenFile;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws MpaError `AGENT_UNREACHABLE` for an address that is none, `TOKEN_FILE` for a file that cannot be read. */
  static async open(address: ApiAddress): Promise<ApiClient> {
    const base = URL.canParse(address.url) ? new URL(address.url) : null;
    if (base === null || !['http:', 'https:'].includes(base.protocol)) {
      throw new MpaError('AGENT_UNREACHABLE', `${address.url} is no http or https address`);
    }
    const token = address.tokenFile === null ? null : await readToken(address.tokenFile);
    return new ApiClient(base, token, address);
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#call('GET', path, null, schema);
  }

  /** An answer that is no JSON. */
  async getText(path: string): Promise<string> {
    const { status, text } = await this.#exchange('GET', path, null);
    if (status < 200 || status >= 300) throw this.#refusal(status, parse(text));
    return text;
  }

  post<T>(path: string, body: object | null, schema: z.ZodType<T>): Promise<T> {
    return this.#call('POST', path, body, schema);
  }

  async #call<T>(method: string, path: string, body: object | null, schema: z.ZodType<T>): Promise<T> {
    const { status, text } = await this.#exchange(method, path, body);
    const answer = parse(text);
    if (status < 200 || status >= 300) throw this.#refusal(status, answer);
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new MpaError(
      'AGENT_REFUSED',
      `${this.#base.origin} answers in another form; is it an agent of this version?`,
    );
  }

  async #exchange(
    method: string,
    path: string,
    body: object | null,
  ): Promise<{ status: number; text: string }> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const response = await fetch(new URL(path, this.#base), {
        method,
        signal,
        // A token goes to the address that was given and nowhere else.
        redirect: 'error',
        headers: {
          accept: 'application/json, text/markdown',
          ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
          ...(body === null ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await readBounded(response) };
    } catch (error) {
      if (error instanceof MpaError) throw error;
      const why = signal.aborted ? `no answer within ${this.#timeoutMs / 1_000} s` : causeOf(error);
      throw new MpaError('AGENT_UNREACHABLE', `${this.#base.origin}: ${why}`, { cause: error });
    }
  }

  #refusal(status: number, answer: unknown): MpaError {
    if (status === 401) {
      const which =
        this.#tokenFile === null
          ? 'it wants one; name its file by `--token-file` or the environment variable MPA_TOKEN_FILE'
          : `it does not take the one in ${this.#tokenFile}`;
      return new MpaError('UNAUTHORIZED', `${this.#base.origin}: ${which}`);
    }
    const problem = problemSchema.safeParse(answer);
    if (!problem.success) {
      return new MpaError(
        'AGENT_REFUSED',
        `${this.#base.origin} answered ${status}; is it the agent’s address?`,
      );
    }
    const { code, title, detail } = problem.data;
    return isKnown(code) ? new MpaError(code, detail) : new MpaError('AGENT_REFUSED', `${title}: ${detail}`);
  }
}

async function readToken(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new MpaError(
      'TOKEN_FILE',
      `${file}: ${error instanceof Error ? error.message : 'cannot be read'}`,
      {
        cause: error,
      },
    );
  }
  const token = text.trim();
  if (token === '') throw new MpaError('TOKEN_FILE', `${file} holds no token`);
  if (!/^[\x21-\x7e]{1,4096}$/.test(token)) {
    throw new MpaError('TOKEN_FILE', `the token in ${file} holds characters that HTTP cannot carry`);
  }
  return token;
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > ANSWER_BYTES_MAX) {
      throw new MpaError('AGENT_REFUSED', `the answer is over ${ANSWER_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the agent's: told apart by the schema that comes next.
    return undefined;
  }
}

/** What is behind undici's "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the call failed';
  const { cause } = error;
  if (cause instanceof Error && cause.message !== '') return cause.message;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.message;
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
