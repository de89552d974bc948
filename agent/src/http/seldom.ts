import type { Clock } from '../ports.ts';

/** Lets each of a few subjects through at most once in an interval. The subjects must be a closed set. */
export class Seldom {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #last = new Map<string, number>();

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  allows(subject: string): boolean {
    const now = this.#clock.monotonic();
    const last = this.#last.get(subject);
    if (last !== undefined && now - last < this.#intervalMs) return false;
    this.#last.set(subject, now);
    return true;
  }
}
