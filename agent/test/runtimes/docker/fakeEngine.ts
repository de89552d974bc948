import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance } from '../../../src/core/target.ts';
import { EngineClient } from '../../../src/runtimes/docker/engineClient.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** The id that the fake's containers have. */
export const ID = 'a'.repeat(64);

/** An HTTP server on a socket of its own, in the place of an engine on its bad days. */
export class FakeEngine implements AsyncDisposable {
  readonly socketPath: string;
  readonly client: EngineClient;
  /** What was asked, in order: `GET /containers/json?all=true`. */
  readonly requests: string[];
  readonly #close: () => Promise<void>;

  private constructor(socketPath: string, requests: string[], close: () => Promise<void>) {
    this.socketPath = socketPath;
    this.client = new EngineClient({ kind: 'unix', path: socketPath });
    this.requests = requests;
    this.#close = close;
  }

  static async open(answer: Answer): Promise<FakeEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'mpa-engine-'));
    await chmod(folder, 0o755);
    const socketPath = join(folder, 'docker.sock');
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      answer(response, request);
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return new FakeEngine(socketPath, requests, async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await rm(folder, { recursive: true, force: true });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

export function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** An answer as `docker inspect` gives it, reduced to what every engine says. */
export function inspectAnswer(
  change: { readonly state?: object; readonly config?: object; readonly hostConfig?: object } = {},
) {
  return {
    Id: ID,
    Name: '/web',
    Created: '2026-01-01T00:00:00.123456789Z',
    Image: 'sha256:1234',
    RestartCount: 0,
    State: {
      Status: 'running',
      ExitCode: 0,
      Error: '',
      OOMKilled: false,
      StartedAt: '2026-01-01T00:00:01Z',
      FinishedAt: '0001-01-01T00:00:00Z',
      ...change.state,
    },
    Config: { Hostname: ID.slice(0, 12), Image: 'web:1', Tty: false, Labels: null, ...change.config },
    HostConfig: {
      Memory: 0,
      NetworkMode: 'default',
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      ...change.hostConfig,
    },
  };
}

/** An instance that was seen before. */
export const web: Instance = {
  id: ID,
  name: 'web',
  status: 'running',
  health: 'none',
  startedAt: 1,
  finishedAt: null,
  createdAt: 0,
  exitCode: null,
  oomKilled: false,
  supervised: false,
  startPeriodMs: 0,
  revision: 'sha256:1234',
};
