import { never } from '../time.ts';

/**
 * The life of one process of the agent. Everything that touches the outside crosses here, before and after, so that
 * the process can die between any two such instructions.
 */
export class Mortal {
  readonly #onDeath: () => void;
  #left: number | null = null;
  #written = false;
  alive = true;

  constructor(onDeath: () => void) {
    this.#onDeath = onDeath;
  }

  /** Dies at the so-many-th crossing from now; `written`: an append that it dies in still reached the disk. */
  arm(crossings: number, written: boolean): void {
    this.#left = crossings;
    this.#written = written;
    if (crossings === 0) this.kill();
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#onDeath();
  }

  /** Makes a call to the outside. Of a dead process nothing more is heard, whether or not its call was made. */
  cross<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#survives()) return never();
    return call().then(
      (value) => (this.#survives() ? value : never()),
      (error) => {
        if (!this.#survives()) return never();
        throw error;
      },
    );
  }

  /** A write that can die in the middle: then `written` says whether it reached the disk. */
  async crossWrite<T>(write: () => T): Promise<T> {
    if (!this.#survives()) return never();
    if (!this.#survives()) {
      if (this.#written) write();
      return never();
    }
    const value = write();
    return this.#survives() ? value : never();
  }

  #survives(): boolean {
    if (!this.alive) return false;
    if (this.#left === null) return true;
    this.#left -= 1;
    if (this.#left > 0) return true;
    this.kill();
    return false;
  }
}
