import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problems.ts';
import type { ColumnNames } from './columns.ts';
import { barsOfCsv } from './csv.ts';
import { barsOfJson } from './json.ts';
import { BODY_MAX_BYTES, type Source } from './source.ts';

export interface HttpSourceOptions {
  /** `{symbol}` stands for the symbol. */
  readonly url: string;
  readonly format: 'csv' | 'json';
  /** JSON only: where the list of rows is, as "data.bars". */
  readonly rowsAt?: string | undefined;
  readonly columns?: ColumnNames | undefined;
  /** Of one attempt, answer and body. */
  readonly timeoutMs: number;
  /** Attempts after the first; only for what may pass: no answer, a timeout, 429, 5xx. */
  readonly retries: number;
  /** Before the first retry; doubles with each. */
  readonly retryDelayMs: number;
}

/** CSV or JSON over HTTP. */
export function httpSource(options: HttpSourceOptions): Source {
  return {
    description: `${options.format.toUpperCase()} at ${withoutSecrets(options.url)}`,
    async fetch(symbol, signal) {
      const url = options.url.replaceAll('{symbol}', encodeURIComponent(symbol));
      const text = await fetchWithRetries(url, options, signal);
      const columns = options.columns ?? {};
      return options.format === 'csv' ? barsOfCsv(text, columns) : barsOfJson(text, options.rowsAt, columns);
    },
  };
}

async function fetchWithRetries(
  url: string,
  options: HttpSourceOptions,
  signal: AbortSignal,
): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const result = await attemptOnce(url, options.timeoutMs, signal);
    if ('text' in result) return result.text;
    if (!result.mayPass || attempt >= options.retries || signal.aborted) {
      const tries = attempt === 0 ? '' : ` (after ${attempt + 1} attempts)`;
      throw new Problem(result.code, `${result.detail}${tries}.`);
    }
    await sleep(options.retryDelayMs * 2 ** attempt, undefined, { signal }).catch(() => {
      throw new Problem('source-timeout', 'The refresh ran out of time between attempts.');
    });
  }
}

type Attempt =
  | { readonly text: string }
  | {
      readonly code: 'source-unreachable' | 'source-timeout' | 'source-garbage';
      readonly detail: string;
      readonly mayPass: boolean;
    };

async function attemptOnce(url: string, timeoutMs: number, signal: AbortSignal): Promise<Attempt> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, deadline]),
      headers: { accept: 'text/csv, application/json', 'user-agent': 'market-predictor' },
    });
    if (!response.ok) {
      await response.body?.cancel();
      const mayPass = response.status === 429 || response.status >= 500;
      return { code: 'source-unreachable', detail: `It answered with status ${response.status}`, mayPass };
    }
    return await readLimited(response);
  } catch (error) {
    if (deadline.aborted || signal.aborted) {
      return { code: 'source-timeout', detail: `It did not answer within ${timeoutMs} ms`, mayPass: true };
    }
    return { code: 'source-unreachable', detail: `The request failed: ${causeOf(error)}`, mayPass: true };
  }
}

async function readLimited(response: Response): Promise<Attempt> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_MAX_BYTES) {
      return {
        code: 'source-garbage',
        detail: `Its answer is larger than ${BODY_MAX_BYTES} bytes`,
        mayPass: false,
      };
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode() };
}

/** fetch says "fetch failed"; what failed is in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

/** Keys are often given in the query. */
function withoutSecrets(url: string): string {
  return url.replace(/\?.*$/, '?...').replace(/\/\/[^/@]*@/, '//');
}
