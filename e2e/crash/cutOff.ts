import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket in front of a Docker Engine that can withhold the answer to a call which the engine has carried out. */
export interface CutOff extends AsyncDisposable {
  /** For `docker.host`. */
  readonly dockerHost: string;
  /** Acting calls that reached the engine, as `POST /path`. */
  readonly acted: readonly string[];
  /**
   * From now on the answer to the next acting call never arrives: `then` is called in its place, when the engine has
   * done what it was told.
   */
  withholdNext(then: () => Promise<void>): void;
}

/** Opens it in front of the engine at `dockerHost` (`unix:///...`). */
export async function openCutOff(dockerHost: string): Promise<CutOff> {
  const socketPath = dockerHost.replace(/^unix:\/\//, '');
  const path = join(tmpdir(), `mpa-cutoff-${process.pid}-${performance.now().toFixed(0)}.sock`);
  const acted: string[] = [];
  let withhold: (() => Promise<void>) | null = null;
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const onward = request({ socketPath, method, path: url, headers }, (answer) => {
      const acts = method === 'POST';
      if (acts) acted.push(`${method} ${url}`);
      if (acts && withhold !== null) {
        const then = withhold;
        withhold = null;
        answer.resume();
        void then().finally(() => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    dockerHost: `unix://${path}`,
    acted,
    withholdNext: (then) => {
      withhold = then;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await rm(path, { force: true });
    },
  };
}
