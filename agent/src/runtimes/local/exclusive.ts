import { RuntimeError } from '../../errors.ts';

/** Lets one operation at a time work on a process. */
export class Exclusive {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #late: (error: unknown) => void;

  /** @param late Hears of an operation that failed after its caller had gone. */
  constructor(late: (error: unknown) => void) {
    this.#late = late;
  }

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when all operations so far have ended. */
  async idle(): Promise<void> {
    await this.#last;
  }

  /**
   * Runs the work when its turn has come. When the signal ends first, the caller is told whether the work had begun;
   * work that has begun is finished all the same, so that nothing stays half done.
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = { begun: false };
    this.#waiting += 1;
    const done = this.#last.then(async () => {
      if (signal.aborted) throw tooLate(turn.begun);
      turn.begun = true;
      return await work();
    });
    this.#last = done.then(
      () => this.#leave(),
      () => this.#leave(), // The caller has the error, or #late has.
    );
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(tooLate(turn.begun));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([done, aborted]);
    } catch (error) {
      if (signal.aborted && turn.begun) done.catch(this.#late);
      throw error;
    } finally {
      aborted.catch(() => undefined);
      done.catch(() => undefined);
      signal.removeEventListener('abort', abort);
    }
  }

  #leave(): void {
    this.#waiting -= 1;
  }
}

function tooLate(begun: boolean): RuntimeError {
  return begun
    ? new RuntimeError('RUNTIME_TIMEOUT', 'the process is still being worked on', 'maybe')
    : overdue();
}

/** The error of a call whose deadline had passed before anything was done. */
export function overdue(): RuntimeError {
  return new RuntimeError('RUNTIME_TIMEOUT', 'the process was not touched', 'no');
}

/** @throws RuntimeError when the deadline has passed. */
export function checkInTime(signal: AbortSignal): void {
  if (signal.aborted) throw overdue();
}
