import type { AnalystProvider } from '../../analystSettings.ts';
import { inWords } from '../../networkError.ts';
import type { Secret } from '../../secret.ts';
import { neutral } from './neutral.ts';

/** Answers larger than this are not read to their end, bytes. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** Largest question that goes out, UTF-16 units. */
const BODY_MAX = 8 * 1024 * 1024;
/** How much is kept of an error's own words. */
const WORDS_MAX = 300;

/** What of a request by the library goes out; the key and the rest are ours. */
const FORWARDED = ['content-type', 'accept', 'anthropic-version', 'anthropic-beta'] as const;
/** What of an answer goes back. */
const RETURNED = ['content-type', 'retry-after', 'request-id', 'x-request-id'] as const;

/** How the last call of one conversation went, for whoever must say why there is no analysis. */
export type WireFailure = {
  readonly code: 'rate-limited' | 'unavailable';
  readonly reason: string;
  /** How long the server asked to be left alone, milliseconds; 0: it did not. */
  readonly restMs?: number;
  /** Whether the model may have worked for it all the same, and be paid. */
  readonly paid: boolean;
};

export type GateRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Where an answer goes, piece by piece. */
export type GateSink = {
  readonly head: (status: number, headers: Readonly<Record<string, string>>) => void;
  readonly chunk: (bytes: Uint8Array) => void;
  readonly end: (broken: string | null) => void;
};

/**
 * The only way to the network for the model's library: it leads to the configured address and nowhere else, adds the
 * key, which the library never sees, follows no redirection, and carries so much and no more.
 */
export class ModelGate {
  readonly #base: URL;
  readonly #key: Secret | null;
  readonly #provider: AnalystProvider;

  constructor(provider: AnalystProvider, baseUrl: string, key: Secret | null) {
    this.#provider = provider;
    this.#base = new URL(baseUrl);
    this.#key = key;
  }

  /** Never rejects. @returns what is wrong with the answer, `null` when it came whole with a status of 2xx. */
  async call(request: GateRequest, sink: GateSink, signal: AbortSignal): Promise<WireFailure | null> {
    const refused = this.#refusal(request);
    if (refused !== null) {
      sink.end(refused);
      return { code: 'unavailable', reason: refused, paid: false };
    }
    try {
      return await this.#fetch(request, sink, signal);
    } catch (error) {
      const reason = signal.aborted ? 'called off' : inWords(error);
      sink.end(reason);
      return { code: 'unavailable', reason, paid: signal.aborted };
    }
  }

  /** A library that wants to call elsewhere is not let through. */
  #refusal({ url, body }: GateRequest): string | null {
    const wanted = URL.parse(url);
    const path = this.#base.pathname.replace(/\/*$/, '/');
    if (wanted === null || wanted.origin !== this.#base.origin || !wanted.pathname.startsWith(path))
      return 'the model’s library wanted to call another address than the configured one';
    return body.length > BODY_MAX ? 'the question is too large' : null;
  }

  async #fetch(request: GateRequest, sink: GateSink, signal: AbortSignal): Promise<WireFailure | null> {
    const response = await fetch(request.url, {
      method: 'POST',
      headers: { ...pick(request.headers, FORWARDED), ...this.#own() },
      body: request.body,
      redirect: 'manual',
      signal,
    });
    sink.head(response.status, pick(Object.fromEntries(response.headers), RETURNED));
    let sizeBytes = 0;
    const decoder = new TextDecoder();
    let words = '';
    try {
      for await (const bytes of response.body ?? []) {
        sizeBytes += bytes.byteLength;
        if (sizeBytes > ANSWER_BYTES_MAX) {
          const reason = `the answer is larger than ${ANSWER_BYTES_MAX / 1024 / 1024} MiB`;
          sink.end(reason);
          return { code: 'unavailable', reason, paid: true };
        }
        if (!response.ok && words.length < WORDS_MAX * 4) words += decoder.decode(bytes, { stream: true });
        sink.chunk(bytes);
      }
    } catch (error) {
      const reason = signal.aborted ? 'called off' : `the answer broke off: ${inWords(error)}`;
      sink.end(reason);
      return { code: 'unavailable', reason, paid: response.ok };
    }
    sink.end(null);
    return response.ok ? null : this.#explain(response, words);
  }

  #own(): Record<string, string> {
    const key = this.#key?.reveal();
    return {
      'user-agent': 'market-programmer-agent',
      ...(key === undefined
        ? {}
        : this.#provider === 'anthropic'
          ? { 'x-api-key': key }
          : { authorization: `Bearer ${key}` }),
    };
  }

  #explain({ status, headers }: Response, words: string): WireFailure {
    const key = this.#key?.reveal();
    // Some servers say the key again when they refuse it.
    const shown = key === undefined ? words : words.replaceAll(key, '[secret]');
    const line = neutral(shown.replaceAll(/\s+/g, ' ').trim(), WORDS_MAX);
    return {
      code: status === 429 ? 'rate-limited' : 'unavailable',
      paid: false,
      // A date in its place is not worth the reading: these servers give seconds.
      restMs: Number(/^\d{1,6}$/.exec(headers.get('retry-after') ?? '')?.[0] ?? 0) * 1_000,
      reason: `${this.#base.origin} answered ${status}${line === '' ? '' : `: ${line}`}`,
    };
  }
}

function pick(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (names.includes(name.toLowerCase())) found[name.toLowerCase()] = value;
  return found;
}
