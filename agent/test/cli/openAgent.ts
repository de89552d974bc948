import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPERATOR_TOKEN, openServer } from '../http/openServer.ts';

/** An agent that listens, and the environment with which `mpa` finds it. */
export async function openAgent() {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(await openServer());
  const folder = cleanup.use(await mkdtempDisposable(join(tmpdir(), 'mpa-cli-')));
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, `\n${OPERATOR_TOKEN}\n`);
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const owned = cleanup.move();
  return {
    ...server,
    folder: folder.path,
    environment: { MPA_URL: url, MPA_TOKEN_FILE: tokenFile, USER: 'ada' },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
