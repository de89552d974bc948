import type { ClientRequest, IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { type CallInfo, connectionError, deadlineError, garbageError, statusError } from './engineErrors.ts';
import type { DockerHost } from './host.ts';

/**
 * Not imported: for an import Node reads all that the module exports, and with that loads its WebSocket and `fetch`,
 * 3 MB that many agents never use.
 */
const { request: httpRequest } = process.getBuiltinModule('node:http');
const { request: httpsRequest } = process.getBuiltinModule('node:https');

/** Parameters of a call; what is `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

type Call = { readonly what: string; readonly path: string; readonly query?: Query };
type Sent = { readonly response: IncomingMessage; readonly info: CallInfo };

/** Inspecting a container takes some 10 kB, and listing one about 2 kB: more than this is no answer to us. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
const ERROR_BYTES_MAX = 16 * 1024;

/**
 * Speaks to one Docker Engine. Every call ends by its signal and rejects with `RuntimeError`, whose `applied` says
 * whether a mutating call may have had its effect.
 *
 * Paths carry no version: the engine then speaks its own, and what differs between versions is for the schemas to
 * bear. Connections are not kept: on one that was, a request can be lost without a word, and nobody could say
 * whether it had been applied; a new one on a socket costs 0.1 ms.
 */
export class EngineClient {
  readonly host: DockerHost;

  constructor(host: DockerHost) {
    this.host = host;
  }

  /** Reads something and parses it; what does not fit the schema is the engine's failure. */
  async read<Schema extends z.ZodType>(
    call: Call,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const { response, info } = await this.#send('GET', call, signal);
    const text = (await readBody(response, BODY_BYTES_MAX, info, signal)).toString('utf8');
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw garbageError(info, `${(error as SyntaxError).message}`); // JSON.parse throws nothing else.
    }
    const parsed = schema.safeParse(json);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw garbageError(
        info,
        `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not what was asked'}`,
      );
    }
    return parsed.data;
  }

  /** Reads something as it comes. Whoever takes it ends it: by reading to the end, by `return`, or by the signal. */
  async stream(call: Call, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const { response, info } = await this.#send('GET', call, signal);
    return chunksOf(response, info, signal);
  }

  /** Makes the engine do something; answers with the status of its success. */
  async act(call: Call, signal: AbortSignal): Promise<number> {
    const { response, info } = await this.#send('POST', call, signal);
    await readBody(response, ERROR_BYTES_MAX, info, signal);
    return response.statusCode ?? 0;
  }

  /** Resolves with a response whose status is a success (or 304: already so). */
  async #send(method: 'GET' | 'POST', call: Call, signal: AbortSignal): Promise<Sent> {
    const info: CallInfo = { what: call.what, host: this.host, mutating: method === 'POST' };
    if (signal.aborted) throw deadlineError(info, signal.reason, false);
    const response = await this.#respond(method, call, info, signal);
    const status = response.statusCode ?? 0;
    if ((status >= 200 && status < 300) || status === 304) return { response, info };
    const body = await readBody(response, ERROR_BYTES_MAX, info, signal);
    throw statusError(info, status, body.toString('utf8'));
  }

  #respond(
    method: 'GET' | 'POST',
    call: Call,
    info: CallInfo,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = this.#open(method, pathOf(call), signal);
    let sent = false;
    request.once('socket', (socket) => {
      // Until the connection stands, no byte has left: only then is "not applied" certain.
      const event = this.host.kind === 'tcp' && this.host.tls !== null ? 'secureConnect' : 'connect';
      if (!socket.connecting) sent = true;
      socket.once(event, () => {
        sent = true;
      });
    });
    request.once('response', resolve);
    request.once('error', (error) => {
      reject(signal.aborted ? deadlineError(info, signal.reason, sent) : connectionError(info, error, sent));
    });
    request.end();
    return promise;
  }

  #open(method: 'GET' | 'POST', path: string, signal: AbortSignal): ClientRequest {
    const { host } = this;
    const options = { method, path, signal, agent: false as const, headers: { host: 'docker' } };
    if (host.kind === 'unix') return httpRequest({ ...options, socketPath: host.path });
    const address = { ...options, host: host.host, port: host.port };
    return host.tls === null
      ? httpRequest(address)
      : httpsRequest({ ...address, ...host.tls, servername: host.host });
  }
}

function pathOf({ path, query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

async function readBody(
  response: IncomingMessage,
  bytesMax: number,
  info: CallInfo,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(response, info, signal)) {
    length += chunk.length;
    if (length > bytesMax) throw garbageError(info, `it is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body's chunks; an answer that breaks off before its end is an error, never a shorter answer. */
async function* chunksOf(
  response: IncomingMessage,
  info: CallInfo,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  const abort = () => response.destroy(new Error('the deadline passed'));
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    // No encoding is set on it: its chunks are buffers.
    for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw signal.aborted ? deadlineError(info, signal.reason, true) : connectionError(info, error, true);
  } finally {
    signal.removeEventListener('abort', abort);
    response.destroy();
  }
}
