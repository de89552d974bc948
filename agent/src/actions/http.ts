import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ActionResult } from '../core/actionResult.ts';
import { inWords } from '../networkError.ts';
import { defineAction } from './define.ts';

/** How much of an answer is kept in the journal, characters. */
const KEPT_MAX = 2_000;
/** How much of an answer is read at all, bytes. */
const READ_MAX = 65_536;
const TIMEOUT_MS = 30_000;

const stored = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  url: z.string(),
  body: z.string().nullable(),
  tokenFile: z.string().nullable(),
  expect: z.array(z.int()),
  idempotent: z.boolean(),
});

/** Calls a repair that the target itself offers, once for the whole target. */
export const http = defineAction({
  name: 'http',
  kind: 'mutating',
  scope: 'target',
  summary:
    'Calls a repair that the target offers over HTTP, once for the whole target. It counts as a mutation: all guards are asked. In `url`, what a placeholder brings in is percent-encoded.',
  written: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).default('POST').describe('The method of the call.'),
    url: z
      .string()
      .max(2_048)
      .regex(
        /^https?:\/\/[^/{}?#\s]+([/?#]|$)/,
        'must be http:// or https:// with a fixed host: no placeholder may choose it',
      )
      .describe('Where it is called. The host is fixed; a placeholder may stand in the path and the query.'),
    body: z.string().max(65_536).optional().describe('The body, sent as JSON.'),
    token_file: z.string().max(4_096).optional().describe('File with a bearer token; read at each call.'),
    expect: z
      .array(z.int().min(100).max(599))
      .min(1)
      .max(50)
      .default([200, 201, 202, 204])
      .describe('The answers that mean that it was done.'),
    idempotent: z
      .boolean()
      .default(false)
      .describe(
        'Whether it may be called again when its answer was lost. Without it a person is called then.',
      ),
  }),
  stored,
  normalise: ({ method, url, body, token_file, expect, idempotent }) => ({
    method,
    url,
    body: body ?? null,
    tokenFile: token_file ?? null,
    expect,
    idempotent,
  }),
  defaultTimeoutMs: () => TIMEOUT_MS,
  async run(call, { signal }) {
    let headers: Record<string, string>;
    try {
      headers = await headersOf(call);
    } catch (error) {
      // Nothing was sent: the step failed for sure.
      return failed(`the token cannot be read: ${inWords(error)}`);
    }
    let response: Response;
    try {
      const body = call.body === null ? {} : { body: call.body };
      response = await fetch(call.url, { method: call.method, headers, redirect: 'manual', signal, ...body });
    } catch (error) {
      // Without a connection nothing can have arrived; anything else leaves it open whether it did.
      if (isUnconnected(error)) return failed(inWords(error));
      throw error;
    }
    const text = await readSome(response);
    const said = `${call.method} ${new URL(call.url).pathname} answered ${response.status}`;
    return call.expect.includes(response.status)
      ? { outcome: 'succeeded', reason: said, output: { status: response.status, body: text } }
      : {
          ...failed(`${said}, and ${call.expect.join(', ')} was wanted`),
          output: { status: response.status, body: text },
        };
  },
  /** Whether it arrived cannot be seen from outside. What may be repeated counts as not done. */
  async happened({ idempotent }) {
    return idempotent
      ? { verdict: 'not-happened', reason: 'its answer was lost, and it may be called again' }
      : { verdict: 'unknown', reason: 'its answer was lost, and it is not said to be idempotent' };
  },
});

async function headersOf({ body, tokenFile }: z.output<typeof stored>): Promise<Record<string, string>> {
  const token = tokenFile === null ? null : (await readFile(tokenFile, 'utf8')).trim();
  return {
    'user-agent': 'market-programmer-agent',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
}

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (sizeBytes >= READ_MAX) break;
  }
  return text.slice(0, KEPT_MAX);
}

function isUnconnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

function failed(reason: string): ActionResult {
  return { outcome: 'failed', reason, output: null };
}
