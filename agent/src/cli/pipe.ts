import { Writable } from 'node:stream';
import type { TextSink } from './io.ts';

/**
 * Writes long answers: waits where the reader is slower than we are, so that they are not kept in memory, and takes it
 * for no error when the reader has had enough (`mpa ... | head`).
 */
export class Pipe implements Disposable {
  readonly #sink: TextSink;
  #broken: Error | null = null;
  #wake: () => void = () => {};

  constructor(sink: TextSink) {
    this.#sink = sink;
    if (sink instanceof Writable) sink.on('error', this.#onError).on('drain', this.#onDrain);
  }

  /**
   * Writes when there is room.
   *
   * @returns false when nobody reads any more
   * @throws what the system says of any other reason not to write, such as a full disk
   */
  async write(text: string): Promise<boolean> {
    if (this.#broken !== null) return this.#isClosed(this.#broken);
    const isFull = this.#sink.write(text) === false && this.#sink instanceof Writable;
    if (isFull) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#broken === null || this.#isClosed(this.#broken);
  }

  /** Leaves `error` with its listener: that of the last write may still come. */
  [Symbol.dispose](): void {
    if (this.#sink instanceof Writable) this.#sink.off('drain', this.#onDrain);
  }

  readonly #onDrain = (): void => this.#wake();

  readonly #onError = (error: Error): void => {
    this.#broken = error;
    this.#wake();
  };

  #isClosed(error: Error): boolean {
    if ('code' in error && error.code === 'EPIPE') return false;
    throw error;
  }
}
