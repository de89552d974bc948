import type { FromModel, ToModel } from '../protocol.ts';

type Waiting = {
  readonly answered: (response: Response) => void;
  readonly failed: (error: Error) => void;
  body: ReadableStreamDefaultController<Uint8Array> | null;
};

/** Statuses whose answers have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Calls over the network, made by the agent in our place: this process has none. */
export class Bridge {
  readonly #send: (message: FromModel) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #next: () => number;

  constructor(send: (message: FromModel) => void, next: () => number) {
    this.#send = send;
    this.#next = next;
  }

  /** A `fetch` for the calls of one conversation. */
  fetchFor(talk: number): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const body = await request.text();
      const call = this.#next();
      const { promise, resolve, reject } = Promise.withResolvers<Response>();
      this.#waiting.set(call, { answered: resolve, failed: reject, body: null });
      request.signal.addEventListener(
        'abort',
        () => {
          this.#send({ kind: 'http-abort', call });
          this.#end(call, 'called off');
        },
        { once: true },
      );
      const headers = Object.fromEntries(request.headers);
      this.#send({ kind: 'http', talk, call, url: request.url, headers, body });
      return promise;
    };
  }

  hear(message: ToModel & { kind: 'http-head' | 'http-chunk' | 'http-end' }): void {
    const waiting = this.#waiting.get(message.call);
    if (waiting === undefined) return;
    switch (message.kind) {
      case 'http-head':
        waiting.answered(respond(message, waiting));
        break;
      case 'http-chunk':
        waiting.body?.enqueue(message.bytes);
        break;
      case 'http-end':
        this.#end(message.call, message.broken);
        break;
      default:
        message satisfies never;
    }
  }

  #end(call: number, broken: string | null): void {
    const waiting = this.#waiting.get(call);
    if (waiting === undefined) return;
    this.#waiting.delete(call);
    if (broken === null) {
      waiting.body?.close();
      return;
    }
    const error = new TypeError(broken);
    waiting.body?.error(error);
    waiting.failed(error);
  }
}

function respond({ status, headers }: ToModel & { kind: 'http-head' }, waiting: Waiting): Response {
  if (BODILESS.has(status)) return new Response(null, { status, headers });
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    waiting.body = controller;
  };
  return new Response(new ReadableStream<Uint8Array>({ start }), { status, headers });
}
