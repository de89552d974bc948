import type { AnalystSettings } from '../../analystSettings.ts';

/** A server that asks for more rest than this gets no more, milliseconds. */
const WANTED_MS_MAX = 3_600_000;

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
      return `${count(this.#failures)}; the model is asked again in ${Math.ceil((this.#openUntil - now) / 1_000)} s`;
    if (this.#trying) return `${count(this.#failures)}; one question tries whether the model is back`;
    this.#trying = true;
    return null;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = null;
    this.#trying = false;
  }

  /** @param wantedMs How long the server asked to be left alone, where it did; that is honoured at the first time. */
  failed(now: number, wantedMs = 0): void {
    this.#failures += 1;
    this.#trying = false;
    const cooldownMs = this.#failures >= this.#settings.failures ? this.#settings.cooldownMs : 0;
    const restMs = Math.max(cooldownMs, Math.min(wantedMs, WANTED_MS_MAX));
    if (restMs > 0) this.#openUntil = Math.max(this.#openUntil ?? 0, now + restMs);
  }

  /** The question ended without saying anything about the model: it was called off, or its budget was spent. */
  undecided(): void {
    this.#trying = false;
  }
}

function count(failures: number): string {
  return failures === 1 ? 'the last analysis failed' : `${failures} analyses failed in a row`;
}
