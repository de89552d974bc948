import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { LabMissingError } from './labMissingError.ts';

/** The repository's root. */
export const repositoryFolder = resolve(import.meta.dirname, '..', '..');

/** Where `npm run lab:install` puts what it fetches; `MPA_LAB_DIR` overrides it (the same name in the scripts). */
export function labFolder(): string {
  return resolve(process.env['MPA_LAB_DIR'] ?? join(repositoryFolder, '.cache', 'lab'));
}

/** The Docker client's configuration with the Compose and buildx plugins, so that the developer's own is not touched. */
export function dockerConfigFolder(): string {
  return join(labFolder(), 'docker-config');
}

/**
 * The path of a program of the lab, from the lab's folder or else from PATH.
 *
 * @throws LabMissingError when neither has it.
 */
export function findProgram(name: string): string {
  // Daemons live in sbin, which an ordinary user's PATH often lacks.
  const folders = [join(labFolder(), 'bin'), ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const found = folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (found === undefined) throw new LabMissingError(`the program ${name} is not installed`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: both mean "look further".
    return false;
  }
}
