import { asProblem } from '../problems.ts';

export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}

/** Work that nobody waits for: what fails in it goes to the log, and it is waited for at the end. */
export class Background {
  readonly #log: Log;
  readonly #running = new Map<Promise<void>, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  run(symbol: string, work: () => Promise<unknown>): void {
    const done: Promise<void> = work()
      .then(() => undefined)
      .catch((error: unknown) => {
        const { code } = asProblem(error);
        if (code !== 'shutting-down')
          this.#log.warn({ symbol, code, err: error }, 'work in the background failed');
      })
      .finally(() => this.#running.delete(done));
    this.#running.set(done, symbol);
  }

  isBusyWith(symbol: string): boolean {
    return this.#running.values().some((other) => other === symbol);
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.#running.keys());
  }
}
