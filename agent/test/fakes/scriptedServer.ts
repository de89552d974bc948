import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Listening, onLoopback } from './loopback.ts';

/** One request as it came, with its body read. */
export type ScriptedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/** An HTTP server on loopback that behaves as a test tells it to, well or badly. */
export interface ScriptedServer extends Listening {
  readonly requests: readonly ScriptedRequest[];
}

export async function startScripted(
  answer: (request: ScriptedRequest, response: ServerResponse) => void,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://scripted');
    const request = {
      method: incoming.method ?? '',
      url,
      headers: incoming.headers,
      body: await text(incoming),
    };
    requests.push(request);
    answer(request, response);
  });
  return { ...(await onLoopback(server)), requests };
}

/** Answers with JSON, as the services do. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** What a service on a bad day does, by name; each must end in an error in words, within the caller's time. */
export const BAD_DAYS: Readonly<Record<string, { do: (response: ServerResponse) => void; words: RegExp }>> = {
  'answers 500': {
    do: (response) => response.writeHead(500).end('out of <b>memory</b>\nand more'),
    words: /HTTP 500: out of <b>memory<\/b> and more/,
  },
  'sends to a login page': {
    do: (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/login' }).end(),
    words: /HTTP 302/,
  },
  'drops the connection': { do: (response) => response.destroy(), words: /connection closed/ },
  'drops the connection within the answer': {
    do: (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"status":');
      setImmediate(() => response.destroy());
    },
    words: /connection closed|terminated/,
  },
  'never answers': { do: () => undefined, words: /no answer in time/ },
  'begins an answer and stops': {
    do: (response) => response.writeHead(200).write('{'),
    words: /no answer in time/,
  },
  'is no JSON': { do: (response) => response.end('<html>'), words: /no JSON/ },
  'sends without end': {
    do: (response) => {
      const more = () => {
        while (response.write('[0'.repeat(32_768)));
        response.once('drain', more);
      };
      more();
    },
    words: /larger than 4 MiB/,
  },
};
