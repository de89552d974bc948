import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/** The wanted port of loopback if nobody listens there, else one that is free now. */
export async function choosePort(wanted: number): Promise<number> {
  const port = (await tryPort(wanted)) ?? (await tryPort(0));
  if (port === null) throw new Error(`no port of ${HOST} is free`);
  return port;
}

/** The port that could be listened on, or `null`. */
function tryPort(port: number): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const server = createServer();
  // Taken, or not for us (ports below 1024): both mean another one.
  server.once('error', () => resolve(null));
  server.listen({ port, host: HOST, exclusive: true }, () => {
    const address = server.address();
    const free = typeof address === 'object' && address !== null ? address.port : null;
    server.close(() => resolve(free));
  });
  return promise;
}
