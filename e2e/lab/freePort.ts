import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const attemptsMax = 50;

/**
 * A TCP port that is free on loopback now. It is chosen below the range from which the kernel gives outgoing
 * connections their ports (32768 up), so that none of those can take it before it is listened on, nor while its
 * container restarts.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${attemptsMax} tried between 20000 and 32000`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    // Whatever the reason that it cannot be listened on, it is of no use here.
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
