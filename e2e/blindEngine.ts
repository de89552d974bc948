import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real engine that does not know one of its containers when it is asked about it. */
export interface BlindEngine extends AsyncDisposable {
  readonly socketPath: string;
  /** Paths of the mutating calls that came through, in their order. */
  readonly mutations: readonly string[];
  /** The id of the container that is not known. */
  hide(id: string): void;
}

/**
 * Stands between an agent and an engine, as a filtering socket proxy does, or as an engine on another machine would
 * answer: everything works but the question about the agent's own container.
 */
export async function startBlindEngine(dockerHost: string): Promise<BlindEngine> {
  const engineSocket = dockerHost.slice('unix://'.length);
  const mutations: string[] = [];
  let hidden = '';
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    if (method !== 'GET') mutations.push(url);
    const id = /^(?:\/v[\d.]+)?\/containers\/([0-9a-f]{12,64})\/json/.exec(url)?.[1];
    if (id !== undefined && hidden.startsWith(id)) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: `No such container: ${id}` }));
      return;
    }
    const onward = forward({ socketPath: engineSocket, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    // An event stream ends with the one who listens.
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
  const folder = await mkdtemp(join(tmpdir(), 'mpa-blind-'));
  const socketPath = join(folder, 'docker.sock');
  server.listen(socketPath);
  await once(server, 'listening');
  await chmod(folder, 0o755);
  await chmod(socketPath, 0o666);
  return {
    socketPath,
    mutations,
    hide: (id) => {
      hidden = id;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
