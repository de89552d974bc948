import type { Clock } from '../ports.ts';

/** A difference beyond this is a jump and no drift, milliseconds. */
const JUMP_MS = 2_000;

/**
 * Tells when the wall clock jumped against the monotonic one. A jump is told until it is `recorded`, for it may have to
 * be told again when the journal could not be written.
 */
export class ClockWatch {
  readonly #clock: Clock;
  #offset: number;
  #told: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.monotonic();
    this.#told = this.#offset;
  }

  /** By how much the wall clock jumped since what was last recorded, milliseconds; null when it did not. */
  jump(): number | null {
    const current = this.#clock.now() - this.#clock.monotonic();
    const byMs = Math.round(current - this.#offset);
    this.#told = current;
    if (Math.abs(byMs) > JUMP_MS) return byMs;
    this.#offset = current;
    return null;
  }

  /** What was told last is in the journal. */
  recorded(): void {
    this.#offset = this.#told;
  }
}
