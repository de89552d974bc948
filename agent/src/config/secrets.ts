import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '../secret.ts';
import type { ConfigDocument } from './document.ts';
import { SECRET_BYTES_MAX } from './limits.ts';
import type { Path } from './problem.ts';

/** Reads the files that configuration names, and notes at their place what is wrong with them. */
export class SecretReader {
  readonly #document: ConfigDocument;
  readonly #directory: string;

  /** @param directory Where relative paths begin: the directory of the configuration file. */
  constructor(document: ConfigDocument, directory: string) {
    this.#document = document;
    this.#directory = directory;
  }

  /** The secret, without the line end that editors add; `null` when there is none or it cannot be used. */
  read(file: string | undefined, path: Path): Secret | null {
    if (file === undefined) return null;
    const place = resolve(this.#directory, file);
    try {
      const stats = statSync(place);
      if (!stats.isFile()) return this.#refuse(path, `${file} is no file`);
      if (stats.size > SECRET_BYTES_MAX)
        return this.#refuse(
          path,
          `${file} is larger than ${SECRET_BYTES_MAX} bytes; it must hold the secret alone`,
        );
      const text = readFileSync(place, 'utf8').replace(/\r?\n$/, '');
      if (text === '') return this.#refuse(path, `${file} is empty; it must hold the secret`);
      if (/[\r\n\0]/.test(text))
        return this.#refuse(path, `${file} holds more than one line; it must hold the secret alone`);
      return new Secret(text, file);
    } catch (error) {
      return this.#refuse(path, `${file} cannot be read: ${explain(error)}`);
    }
  }

  #refuse(path: Path, message: string): null {
    this.#document.report(path, message);
    return null;
  }
}

/** The remedy for what the file system said; its own words name the path already. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; create it, or correct the path (relative to the configuration file)';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied; let the user that runs the agent read it';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
