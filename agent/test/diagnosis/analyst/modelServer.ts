import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listening, onLoopback } from '../../fakes/loopback.ts';

/** One request as the server received it. */
export type Received = {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** What the body says; the tests know its shape. */
  readonly body: Readonly<Record<string, unknown>>;
};

/** Answers one request, in whatever way a test wants it to go. */
export type Reply = (received: Received, response: ServerResponse) => void | Promise<void>;

/** A model server on loopback that answers as the test says, one reply after the other, the last one again and again. */
export class ModelServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server: Listening;
  #replies: readonly Reply[];

  private constructor(server: Listening, replies: readonly Reply[]) {
    this.#server = server;
    this.#replies = replies;
  }

  static async start(...replies: readonly Reply[]): Promise<ModelServer> {
    const server = createServer((request, response) => void self.#take(request, response));
    const self = new ModelServer(await onLoopback(server), replies);
    return self;
  }

  get url(): string {
    return this.#server.url;
  }

  reply(...replies: readonly Reply[]): void {
    this.#replies = replies;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const received = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) };
    const [reply, ...later] = this.#replies;
    if (later.length > 0) this.#replies = later;
    this.received.push(received);
    await reply?.(received, response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

/** What the model of a test says: text, or calls of tools. */
export type Said = {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly args: unknown }[];
  readonly finish?: string;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly refusal?: string;
};

const USAGE = { prompt_tokens: 1_000, completion_tokens: 100 };

/** Speaks OpenAI's chat completions: as one answer, or as the stream that was asked for. */
export function openAi(said: Said): Reply {
  return ({ body }, response) => {
    if (body['stream'] === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of openAiEvents(said)) response.write(event);
      response.end('data: [DONE]\n\n');
      return;
    }
    const usage = said.usage === undefined ? USAGE : said.usage;
    json(response, 200, {
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          finish_reason: finishOf(said),
          message: {
            role: 'assistant',
            content: said.text ?? null,
            refusal: said.refusal ?? null,
            ...(said.calls === undefined ? {} : { tool_calls: toolCalls(said) }),
          },
        },
      ],
      ...(usage === null ? {} : { usage: { ...usage, total_tokens: 0 } }),
    });
  };
}

/** The events of a stream, so that a test can stop in the middle of them. */
export function openAiEvents(said: Said): readonly string[] {
  const event = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`;
  const calls = toolCalls(said).flatMap((call, index) => {
    const { name, arguments: whole } = call.function;
    const half = Math.ceil(whole.length / 2);
    return [
      event({ tool_calls: [{ index, id: call.id, type: 'function', function: { name, arguments: '' } }] }),
      event({ tool_calls: [{ index, function: { arguments: whole.slice(0, half) } }] }),
      event({ tool_calls: [{ index, function: { arguments: whole.slice(half) } }] }),
    ];
  });
  const usage = said.usage === undefined ? USAGE : said.usage;
  return [
    event({ role: 'assistant', content: said.text ?? '' }),
    ...(said.refusal === undefined ? [] : [event({ refusal: said.refusal })]),
    ...calls,
    event({}, finishOf(said)),
    ...(usage === null
      ? []
      : [
          `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { ...usage, total_tokens: 0 } })}\n\n`,
        ]),
  ];
}

function toolCalls({ calls = [] }: Said) {
  return calls.map(({ name, args }, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  }));
}

function finishOf({ calls, finish }: Said): string {
  return finish ?? (calls === undefined ? 'stop' : 'tool_calls');
}

/** Speaks Anthropic's messages, as one answer or as a stream. */
export function anthropic(said: Said): Reply {
  return ({ body }, response) => {
    const content = [
      ...(said.text === undefined ? [] : [{ type: 'text', text: said.text }]),
      ...(said.calls ?? []).map(({ name, args }, index) => ({
        type: 'tool_use',
        id: `toolu_${index}`,
        name,
        input: args,
      })),
    ];
    const stop = said.finish ?? (said.calls === undefined ? 'end_turn' : 'tool_use');
    const message = { id: 'm1', type: 'message', role: 'assistant', model: 'm', stop_sequence: null };
    if (body['stream'] !== true) {
      json(response, 200, {
        ...message,
        content,
        stop_reason: stop,
        usage: { input_tokens: 1_000, output_tokens: 100 },
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (type: string, data: object) =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const usage = { input_tokens: 1_000, output_tokens: 1 };
    event('message_start', { message: { ...message, content: [], stop_reason: null, usage } });
    content.forEach((block, index) => {
      if ('text' in block) {
        event('content_block_start', { index, content_block: { type: 'text', text: '' } });
        event('content_block_delta', { index, delta: { type: 'text_delta', text: block.text } });
      } else {
        event('content_block_start', { index, content_block: { ...block, input: {} } });
        const partial_json = JSON.stringify('input' in block ? block.input : {});
        event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
      }
      event('content_block_stop', { index });
    });
    event('message_delta', {
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: 100 },
    });
    event('message_stop', {});
    response.end();
  };
}

/** Speaks Ollama's chat: one JSON object a line. */
export function ollama(said: Said): Reply {
  return (_received, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const tool_calls = (said.calls ?? []).map(({ name, args }) => ({ function: { name, arguments: args } }));
    const line = (data: object) =>
      response.write(`${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00Z', ...data })}\n`);
    line({ message: { role: 'assistant', content: said.text ?? '', tool_calls }, done: false });
    line({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: said.finish ?? 'stop',
      prompt_eval_count: 1_000,
      eval_count: 100,
    });
    response.end();
  };
}

/** An error as these servers tell it. */
export function status(code: number, message = 'no', headers: Readonly<Record<string, string>> = {}): Reply {
  return (_received, response) => json(response, code, { error: { message, type: 'error' } }, headers);
}

export function json(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
