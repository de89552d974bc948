import type { AnalystSettings } from '../../analystSettings.ts';

/**
 * Leaves a model alone that failed several times in a row; after the cooldown one question tries whether it is back.
 *
 * Times are monotonic milliseconds.
 */
export class Breaker {
  readonly #settings: AnalystSettings['breaker'];
  #failures = 0;
  #openUntil: number | null = null;
  #trying = false;

  constructor(settings: AnalystSettings['breaker']) {
    this.#settings = settings;
  }

  /** `null` when the model may be asked; then `succeeded`, `failed` or `undecided` must follow. */
  refusal(now: number): string | null {
    if (this.#openUntil === null) return null;
    if (now < this.#openUntil)
      return `${this.#failures} analyses failed in a row; the model is asked again in ${Math.ceil((this.#openUntil - now) / 1_000)} s`;
    if (this.#trying)
      return 'the model failed several times in a row, and one question tries whether it is back';
    this.#trying = true;
    return null;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = null;
    this.#trying = false;
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#trying = false;
    if (this.#failures >= this.#settings.failures) this.#openUntil = now + this.#settings.cooldownMs;
  }

  /** The question ended without saying anything about the model: it was called off, or its budget was spent. */
  undecided(): void {
    this.#trying = false;
  }
}
