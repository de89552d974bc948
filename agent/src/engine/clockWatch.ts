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
    this.#offset = this.#current();
    this.#told = this.#offset;
  }

  /** Whether there is a jump to tell of. */
  hasJumped(): boolean {
    return this.#isJump(this.#current());
  }

  /** Takes what is mere drift for granted: many small corrections are no jump. */
  followDrift(): void {
    const current = this.#current();
    if (!this.#isJump(current)) this.#offset = current;
  }

  /** Tells by how much the wall clock jumped since what was last recorded, milliseconds; null when it did not. */
  tellJump(): number | null {
    const current = this.#current();
    this.#told = current;
    if (this.#isJump(current)) return Math.round(current - this.#offset);
    this.#offset = current;
    return null;
  }

  /** What was told last is in the journal. */
  recorded(): void {
    this.#offset = this.#told;
  }

  #isJump(current: number): boolean {
    return Math.abs(Math.round(current - this.#offset)) > JUMP_MS;
  }

  #current(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
