import { RuntimeError } from '../../errors.ts';
import type { ProcessRecord, ProcessState } from './record.ts';
import type { RecordStore } from './recordStore.ts';

/** What is known of one process: in memory at once, on disk in the order of the changes. */
export class KeptRecord {
  readonly #store: RecordStore;
  readonly #warn: (sentence: string) => void;
  #record: ProcessRecord;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(store: RecordStore, record: ProcessRecord, warn: (sentence: string) => void) {
    this.#store = store;
    this.#record = record;
    this.#warn = warn;
  }

  get current(): ProcessRecord {
    return this.#record;
  }

  /**
   * Says that a run is about to be launched; durable when it resolves.
   * @throws RuntimeError when it cannot be written: nothing may be launched then.
   */
  async launching(state: ProcessState, startedAt: number): Promise<void> {
    try {
      await this.#write({ ...this.#record, state, launching: startedAt });
    } catch (error) {
      this.#record = { ...this.#record, launching: null };
      throw new RuntimeError('RUNTIME_FAILED', `the record of ${this.#record.name} cannot be written`, 'no', {
        cause: error,
      });
    }
  }

  /** What is known stays known when it cannot be written: the marker finds the process again after a restart. */
  async save(state: ProcessState, launching: number | null): Promise<void> {
    try {
      await this.#write({ ...this.#record, state, launching });
    } catch (error) {
      this.#warn(`The record of process ${this.#record.name} could not be written: ${error}`);
    }
  }

  async #write(record: ProcessRecord): Promise<void> {
    this.#record = record;
    const written = this.#lastWrite.then(() => this.#store.write(record));
    this.#lastWrite = written.catch(() => undefined); // The caller has the error.
    await written;
  }
}
