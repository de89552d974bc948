import { readBounded } from './boundedText.ts';
import { MpaError } from './errors.ts';
import { inWords } from './networkError.ts';
import type { Secret } from './secret.ts';

/** Answers larger than this are not read to their end, bytes. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** How much of an error's body is shown, characters. */
const SHOWN_MAX = 200;

/** An answer with JSON in it. */
export type JsonAnswer = {
  readonly body: unknown;
  /** The other side's clock, milliseconds since the epoch and exact to the second; `null` when it does not tell. */
  readonly date: number | null;
};

/**
 * Calls one HTTP service that the configuration names: Prometheus, Alertmanager, a webhook. Errors say what is
 * wrong and where, and never show the token, credentials of the address, or an address that is a secret itself.
 */
export class ServiceClient {
  readonly #base: URL;
  readonly #shown: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param headers Go with every call: a tenant, for one.
   * @throws MpaError `SERVICE_FAILED` when the address is none.
   */
  constructor(
    address: string | Secret,
    token: Secret | null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const text = typeof address === 'string' ? address : address.reveal();
    const url = URL.parse(text);
    if (url === null) throw new MpaError('SERVICE_FAILED', 'its address is no URL');
    const authorization = token === null ? basic(url) : bearer(token);
    url.username = '';
    url.password = '';
    this.#base = url;
    this.#shown =
      typeof address === 'string' ? `${url.origin}${url.pathname}` : `the address in ${address.source}`;
    this.#headers = {
      ...headers,
      'user-agent': 'market-programmer-agent',
      ...(authorization === null ? {} : { authorization }),
    };
  }

  /**
   * @throws MpaError `SERVICE_FAILED` when there is no good answer, or it is too large (its cause is an
   * `AnswerTooLargeError`) or no JSON.
   */
  async getJson(
    path: string,
    query: readonly (readonly [string, string])[],
    signal: AbortSignal,
  ): Promise<JsonAnswer> {
    const url = new URL(this.#base);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    for (const [name, value] of query) url.searchParams.append(name, value);
    return this.#call(
      url,
      { method: 'GET', headers: { ...this.#headers, accept: 'application/json' } },
      signal,
      parse,
    );
  }

  /** Posts JSON; what a 2xx answer says is not looked at. @throws MpaError `SERVICE_FAILED` when there is none. */
  async postJson(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> {
    const url = new URL(this.#base);
    if (path !== '') url.pathname = url.pathname.replace(/\/$/, '') + path;
    const all = { ...this.#headers, ...headers, 'content-type': 'application/json' };
    const request = { method: 'POST', headers: all, body: JSON.stringify(body) };
    await this.#call(url, request, signal, async () => undefined);
  }

  async #call<T>(
    url: URL,
    request: RequestInit,
    signal: AbortSignal,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    let response: Response | null = null;
    try {
      // A redirection is followed nowhere: a token goes where the configuration says, and a login page is no answer.
      response = await fetch(url, { ...request, redirect: 'manual', signal });
      if (!response.ok) throw new Refusal(await explain(response));
      return await read(response);
    } catch (error) {
      const why = signal.aborted ? 'no answer in time' : inWords(error);
      throw new MpaError('SERVICE_FAILED', `${this.#shown}: ${why}`, { cause: error });
    } finally {
      // What was not read must not keep the connection; a body that was read or broke has nothing left to cancel.
      await response?.body?.cancel().catch(() => undefined);
    }
  }
}

/** An answer that is not what was asked for, in words. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The answer was larger than anything that is read. Less may be asked for. */
export class AnswerTooLargeError extends Refusal {}

/** The error that `fetch` would throw for such a token shows it. */
function bearer(token: Secret): string {
  if (/^[\x21-\x7e]+$/.test(token.reveal())) return `Bearer ${token.reveal()}`;
  throw new MpaError(
    'SERVICE_FAILED',
    `the token in ${token.source} has characters that no header can carry`,
  );
}

function basic({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

async function explain(response: Response): Promise<string> {
  const { text } = await readBounded(response, SHOWN_MAX * 4);
  const words = text.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN_MAX);
  return words === '' ? `HTTP ${response.status}` : `HTTP ${response.status}: ${words}`;
}

async function parse(response: Response): Promise<JsonAnswer> {
  const { text, complete } = await readBounded(response, ANSWER_BYTES_MAX);
  if (!complete)
    throw new AnswerTooLargeError(`the answer is larger than ${ANSWER_BYTES_MAX / 1024 / 1024} MiB`);
  const date = Date.parse(response.headers.get('date') ?? '');
  try {
    return { body: JSON.parse(text), date: Number.isNaN(date) ? null : date };
  } catch {
    throw new Refusal('the answer is no JSON');
  }
}
