import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './childProgram.ts';
import { freePort } from './freePort.ts';
import { findProgram } from './labFolder.ts';

/** A real program that watches, on a free loopback port; it is ended, and its data removed, on dispose. */
export interface Monitor extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/**
 * Starts Prometheus or Alertmanager in a folder of its own, and waits until it is ready.
 *
 * @param prepare Writes the configuration into the folder, and answers the arguments that name it and where data belongs.
 * @throws LabMissingError when it is not installed; Error with its own words when it refuses the configuration.
 */
export async function startMonitor(
  name: 'prometheus' | 'alertmanager',
  prepare: (folder: string) => Promise<readonly string[]>,
): Promise<Monitor> {
  const command = findProgram(name);
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), `mpa-${name}-`));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = await prepare(folder);
  const program = cleanup.use(
    await ChildProgram.start({
      command,
      args: [...args, `--web.listen-address=${new URL(url).host}`, '--log.level=warn'],
      cwd: folder,
      logPath: join(folder, 'log'),
      stopTimeoutMs: 10_000,
    }),
  );
  await program.whenReady(async (signal) => (await fetch(`${url}/-/ready`, { signal })).ok);
  const owned = cleanup.move();
  return { url, pid: program.pid, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
