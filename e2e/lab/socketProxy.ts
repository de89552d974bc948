import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './childProgram.ts';
import type { Engine } from './engine.ts';
import { freePort } from './freePort.ts';
import { findProgram, repositoryFolder } from './labFolder.ts';

const ANSWER_MS = 20_000;

/** What came back. */
export interface ProxyAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  /** Whether it is the engine's own word: then the request had got through, whatever the status says. */
  readonly byEngine: boolean;
}

/** The shipped socket proxy, as a process before the lab's engine. */
export interface SocketProxy extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly dockerHost: string;
  /** Sends these bytes as they are. */
  send(request: string): Promise<ProxyAnswer>;
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
  const send = (request: string) => answerTo(port, request);
  const ping = 'GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n';
  await program.whenReady(async () => (await send(ping)).status === 200);
  const owned = cleanup.move();
  return {
    dockerHost: `tcp://127.0.0.1:${port}`,
    send,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function answerTo(port: number, request: string): Promise<ProxyAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ProxyAnswer>();
  const socket = connect(port, '127.0.0.1', () => socket.write(request));
  let text = '';
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer to ${request}`)));
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const [head, , body] = text.split(/(\r\n\r\n)/, 3);
    const status = /^HTTP\/1\.[01] (\d{3}) /.exec(head ?? '')?.[1];
    if (status === undefined || body === undefined) return;
    resolve({ status: Number(status), byEngine: /^(api-version|server: docker)/im.test(head ?? '') });
    socket.destroy();
  });
  socket.on('error', reject);
  socket.on('close', () => resolve({ status: 0, byEngine: false }));
  return promise;
}
