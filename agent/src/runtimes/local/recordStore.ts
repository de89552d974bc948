import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessRecord, parseRecord } from './record.ts';

/** Keeps one file for each process. */
export interface RecordStore {
  /** `null` when there is no record, or none that can be read. */
  read(name: string): Promise<ProcessRecord | null>;
  /** Durable when it resolves; a crash leaves the old record or the new one, never a part. */
  write(record: ProcessRecord): Promise<void>;
}

/** A store in a folder that exists. A record that cannot be read is set aside and told, for its process may still live. */
export class FileRecordStore implements RecordStore {
  readonly #folder: string;
  readonly #warn: (sentence: string) => void;

  constructor(folder: string, warn: (sentence: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  async read(name: string): Promise<ProcessRecord | null> {
    const path = this.#pathOf(name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return null;
      throw error;
    }
    try {
      const record = parseRecord(text);
      if (record.name !== name) throw new Error(`it is about ${JSON.stringify(record.name)}`);
      return record;
    } catch (error) {
      await rename(path, `${path}.unreadable`);
      this.#warn(
        `The record of process ${name} could not be read and was set aside as ${path}.unreadable: ${error}`,
      );
      return null;
    }
  }

  async write(record: ProcessRecord): Promise<void> {
    const path = this.#pathOf(record.name);
    const draft = `${path}.new`;
    {
      await using file = await open(draft, 'w', 0o600);
      await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
      await file.sync();
    }
    await rename(draft, path);
    // The rename itself is durable only with the folder.
    await using folder = await open(this.#folder, 'r');
    await folder.sync();
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${fileNameOf(name)}.json`);
  }
}

/** A file name for a process name: still readable, and different for different names on every file system. */
export function fileNameOf(name: string): string {
  const readable = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 40);
  return `${readable}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
