/** A breaker that a spent budget opened: no mutation of that target until it closes, or until a person closes it. */
export type Breaker = { readonly until: number; readonly reason: string };

/** Breakers by target, and the new budgets that people gave by closing one. */
export class Breakers {
  readonly #breakers = new Map<string, Breaker>();
  /** When a person gave a target a new budget, milliseconds. */
  readonly #resets = new Map<string, number>();

  of(target: string, now: number): Breaker | null {
    const breaker = this.#breakers.get(target);
    return breaker !== undefined && breaker.until > now ? breaker : null;
  }

  allOpen(now: number): readonly (Breaker & { readonly target: string })[] {
    return [...this.#breakers].flatMap(([target, breaker]) =>
      breaker.until > now ? [{ target, ...breaker }] : [],
    );
  }

  /** From when on mutations of a target count against its budget, where the window begins at `since`; milliseconds. */
  budgetSince(since: number, target: string): number {
    return Math.max(since, this.#resets.get(target) ?? since);
  }

  open(target: string, breaker: Breaker): void {
    this.#breakers.set(target, breaker);
  }

  reset(target: string, at: number): void {
    this.#breakers.delete(target);
    this.#resets.set(target, at);
  }

  moveInTime(byMs: number): void {
    for (const [target, at] of this.#resets) this.#resets.set(target, at + byMs);
    for (const [target, { until, reason }] of this.#breakers)
      this.#breakers.set(target, { until: until + byMs, reason });
  }
}
