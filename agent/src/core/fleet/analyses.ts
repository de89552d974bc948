import type { Spending } from '../diagnosis.ts';

/** An analysis that has not been heard of for so long after its deadline takes no place any more, milliseconds. */
const FORGOTTEN_MS = 60_000;
const DAY_MS = 86_400_000;

/** What counts against the day's budget. */
export type AnalysisSpending = {
  /** When the day began, milliseconds. */
  readonly startsAt: number;
  readonly spent: Spending;
  /** What those under way may spend. */
  readonly granted: Spending;
};

/** The analyses under way, and what those of the day cost. */
export class Analyses {
  /** By incident. */
  readonly #underWay = new Map<string, { readonly by: number; readonly budget: Spending }>();
  /** What analyses cost on the day that began then. */
  #day: Spending & { readonly startsAt: number } = { startsAt: 0, tokens: 0, costUsd: 0 };

  countUnderWay(now: number): number {
    return this.#underWayAt(now).length;
  }

  /** A day begins at midnight, UTC. */
  spending(now: number): AnalysisSpending {
    const today = Math.floor(now / DAY_MS) * DAY_MS;
    const { startsAt, tokens, costUsd } = this.#day;
    // A clock that was set back past midnight gives no new budget; one that had run days ahead does not keep it.
    const goesOn = startsAt >= today && startsAt <= today + DAY_MS;
    const granted = this.#underWayAt(now).reduce(
      (sum, { budget }) => ({
        tokens: sum.tokens + budget.tokens,
        costUsd: sum.costUsd + budget.costUsd,
      }),
      { tokens: 0, costUsd: 0 },
    );
    return goesOn
      ? { startsAt, spent: { tokens, costUsd }, granted }
      : { startsAt: today, spent: { tokens: 0, costUsd: 0 }, granted };
  }

  start(incident: string, by: number, budget: Spending): void {
    this.#underWay.set(incident, { by, budget });
  }

  /** It is over, or nobody will hear of it any more. */
  end(incident: string): void {
    this.#underWay.delete(incident);
  }

  /** What the day has cost by now. */
  charge(day: Spending & { readonly startsAt: number }): void {
    this.#day = day;
  }

  moveInTime(byMs: number): void {
    for (const [id, { by, budget }] of this.#underWay) this.#underWay.set(id, { by: by + byMs, budget });
  }

  #underWayAt(now: number): readonly { readonly budget: Spending }[] {
    return [...this.#underWay.values()].filter(({ by }) => by + FORGOTTEN_MS > now);
  }
}
