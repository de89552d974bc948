import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

const requestsKeptMax = 1_000;
const bodyBytesMax = 4 * 1024 * 1024;

/** One request as it came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** An HTTP server on loopback that keeps what it is sent: a webhook's other end. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** In the order of their arrival; the first 1,000 are kept. */
  readonly requests: readonly ReceivedRequest[];
  /** The status of the answers from now on. Default 200. */
  answerWith(status: number): void;
}

export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    try {
      const body = await readBody(request);
      const { method = '', url = '', headers } = request;
      if (requests.length < requestsKeptMax) requests.push({ method, path: url, headers, body });
      response.writeHead(status).end();
    } catch (error) {
      // A sender that hung up or sent too much: said to it, if it is still there, and kept out of the record.
      response.writeHead(400).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server's address is never null nor a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answerWith: (next) => {
      status = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    // An IncomingMessage without an encoding set yields buffers.
    const bytes = chunk as Buffer;
    sizeBytes += bytes.length;
    if (sizeBytes > bodyBytesMax) throw new Error(`the body is over ${bodyBytesMax} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
