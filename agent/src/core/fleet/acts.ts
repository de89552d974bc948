import { SKEW_MS } from './skew.ts';

/** One call of the agent that acts; `endedAt` is null until it is known how it ended. */
type Act = { readonly target: string; readonly at: number; endedAt: number | null };

const ACTS_MAX = 2_000;

/** The agent's calls that act, so that what they do to a target is not taken for somebody else's doing. */
export class Acts {
  /** By incident, until it is known how they ended. */
  readonly #underWay = new Map<string, Act>();
  #acts: Act[] = [];

  /** Targets that are being mutated at this moment. */
  underWay(): readonly string[] {
    return [...new Set([...this.#underWay.values()].map(({ target }) => target))];
  }

  /** Whether what happened to a target at `at` fell into one of the calls. */
  isOwnDoing(target: string, at: number): boolean {
    return this.#acts.some(
      (act) =>
        act.target === target &&
        at >= act.at - SKEW_MS &&
        at <= (act.endedAt ?? Number.POSITIVE_INFINITY) + SKEW_MS,
    );
  }

  begin(incident: string, target: string, at: number): void {
    const act: Act = { target, at, endedAt: null };
    this.#underWay.set(incident, act);
    this.#acts = [...this.#acts.slice(-ACTS_MAX), act];
  }

  end(incident: string, at: number): void {
    const act = this.#underWay.get(incident);
    if (act === undefined) return;
    act.endedAt = at;
    this.#underWay.delete(incident);
  }
}
