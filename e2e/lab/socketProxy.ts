import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './childProgram.ts';
import type { Engine } from './engine.ts';
import { freePort } from './freePort.ts';
import { findProgram, repositoryFolder } from './labFolder.ts';

const ANSWER_MS = 20_000;

/** The shipped socket proxy, as a process before the lab's engine. */
export interface SocketProxy extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly dockerHost: string;
  /** Sends these bytes as they are; answers with the status of the answer, or 0 when there is none. */
  send(request: string): Promise<number>;
}

/** @param environment What its configuration takes from there. */
export async function startSocketProxy(
  engine: Engine,
  environment: Readonly<Record<string, string>> = {},
): Promise<SocketProxy> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'mpa-proxy-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const program = cleanup.use(
    await ChildProgram.start({
      command: findProgram('haproxy'),
      args: ['-db', '-f', join(repositoryFolder, 'monitoring', 'socket-proxy', 'haproxy.cfg')],
      env: {
        ...process.env,
        MPA_PROXY_PORT: String(port),
        MPA_ENGINE_SOCKET: engine.dockerHost.slice('unix://'.length),
        ...environment,
      },
      logPath: join(folder, 'log'),
      stopTimeoutMs: 5_000,
    }),
  );
  const send = (request: string) => statusOf(port, request);
  await program.whenReady(async () => (await send('GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n')) === 200);
  const owned = cleanup.move();
  return {
    dockerHost: `tcp://127.0.0.1:${port}`,
    send,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function statusOf(port: number, request: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = connect(port, '127.0.0.1', () => socket.write(request));
  let text = '';
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer to ${request}`)));
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const status = /^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1];
    if (status === undefined) return;
    resolve(Number(status));
    socket.destroy();
  });
  socket.on('error', reject);
  socket.on('close', () => resolve(0));
  return promise;
}
