import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, openEngine } from './engine.ts';
import { ensureBaseImage } from './image.ts';
import { dockerConfigFolder, findProgram } from './labFolder.ts';
import { LabMissingError } from './labMissingError.ts';

const programs = ['docker', 'busybox', 'prometheus', 'promtool', 'alertmanager', 'amtool', 'haproxy'];

/**
 * Opens all that the suites on real parts need, so that what is missing is found before the first of them runs: the
 * programs, an engine, the base image.
 *
 * @throws LabMissingError when a part cannot be had.
 */
export async function openLab(): Promise<Engine> {
  if (process.platform !== 'linux') {
    throw new LabMissingError('the base image of lab containers is made of files of a Linux machine');
  }
  for (const program of programs) findProgram(program);
  if (!existsSync(join(dockerConfigFolder(), 'cli-plugins', 'docker-compose'))) {
    throw new LabMissingError('the Compose plugin is not installed');
  }
  await using cleanup = new AsyncDisposableStack();
  const engine = cleanup.use(await openEngine());
  await ensureBaseImage(engine);
  cleanup.move();
  return engine;
}
