import { DEFAULT_HTTP_LIMITS, type HttpLimits } from '../../src/http/limits.ts';
import type { HttpOptions, RefusalCode } from '../../src/http/options.ts';
import { createServer } from '../../src/http/server.ts';
import { TokenKeeper, TokenSet } from '../../src/http/tokens.ts';
import { ManualClock } from '../fakes/clock.ts';
import { FakeControl } from '../fakes/control.ts';
import { MemoryJournal } from '../fakes/memoryJournal.ts';

export const WEBHOOK_TOKEN = 'webhook-token';
export const OPERATOR_TOKEN = 'operator-token';

type Given = { readonly limits?: Partial<HttpLimits> } & Partial<
  Omit<HttpOptions, 'limits' | 'control' | 'journal'>
>;

/** A server with a fake agent behind it, and everything that it told. Closed on dispose. */
export async function openServer({ limits, ...given }: Given = {}) {
  const control = new FakeControl();
  const journal = new MemoryJournal();
  const refused: { code: RefusalCode; count: number }[] = [];
  const answered: { method: string; route: string; status: number }[] = [];
  const logged: { level: 'warn' | 'error'; fields: object; message: string }[] = [];
  const app = await createServer({
    control,
    journal,
    clock: new ManualClock(),
    webhookTokens: new TokenKeeper(new TokenSet([WEBHOOK_TOKEN])),
    operatorTokens: new TokenKeeper(new TokenSet([OPERATOR_TOKEN])),
    limits: { ...DEFAULT_HTTP_LIMITS, ...limits },
    telemetry: {
      signalsRefused: (code, count) => refused.push({ code, count }),
      requestAnswered: (method, route, status) => answered.push({ method, route, status }),
    },
    log: {
      warn: (fields, message) => logged.push({ level: 'warn', fields, message }),
      error: (fields, message) => logged.push({ level: 'error', fields, message }),
    },
    healthy: () => ({ ok: true, reason: 'turned just now' }),
    ready: () => ({ ok: true, reason: 'journal writable' }),
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', render: async () => 'up 1\n' },
    reload: async () => ({ settings: 's2' }),
    version: '0.1.0',
    ...given,
  });
  return {
    app,
    control,
    journal,
    refused,
    answered,
    logged,
    /** Posts a body to the webhook with the right token. */
    post: async (payload: string | object | Buffer, headers: Record<string, string> = {}) =>
      app.inject({
        method: 'POST',
        url: '/webhooks/alertmanager',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${WEBHOOK_TOKEN}`, ...headers },
        payload,
      }),
    /** Calls the API with the operator's token. */
    call: async (method: 'GET' | 'POST', url: string, payload?: object) =>
      app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
        ...(payload === undefined ? {} : { payload }),
      }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
    },
  };
}
