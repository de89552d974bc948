import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens on a free port of loopback until it is disposed; then what is connected is cut off. */
export interface Listening extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
}

export async function onLoopback(server: Server): Promise<Listening> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server's address is never null nor a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** An address on which nobody listens: somebody did a moment ago. */
export async function deadUrl(): Promise<string> {
  await using server = await onLoopback(createServer());
  return server.url;
}
