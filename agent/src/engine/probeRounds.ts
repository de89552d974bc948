import type { ProbeRound } from '../ports.ts';

/** What became of a round that was called off: nothing of it was seen. */
const CALLED_OFF = new Error('called off: a call that acts on the target begins');

/**
 * Keeps what is looked at by the clock out of the way of what acts on it. A service that is asked to stop waits for the
 * answers it still owes, and a slow one would owe them to nobody but the agent: its recovery would wait for its probes.
 */
export class ProbeRounds {
  readonly #underWay = new Map<string, Set<AbortController>>();
  /** Calls that are under way, by target; one that has none is not in it. */
  readonly #calls = new Map<string, number>();

  /** Leave for one round at a target; `null` while a call acts on it, and then the round is left out. */
  begin(target: string): ProbeRound | null {
    if (this.#calls.has(target)) return null;
    const round = new AbortController();
    const rounds = this.#underWay.get(target) ?? new Set();
    this.#underWay.set(target, rounds.add(round));
    return {
      signal: round.signal,
      [Symbol.dispose]: () => {
        rounds.delete(round);
        if (rounds.size === 0 && this.#underWay.get(target) === rounds) this.#underWay.delete(target);
      },
    };
  }

  /** Calls off the rounds that are under way at a target, and gives leave for none until it is disposed. */
  hold(target: string): Disposable {
    this.#calls.set(target, (this.#calls.get(target) ?? 0) + 1);
    for (const round of this.#underWay.get(target) ?? []) round.abort(CALLED_OFF);
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        const left = (this.#calls.get(target) ?? 1) - 1;
        if (left === 0) this.#calls.delete(target);
        else this.#calls.set(target, left);
      },
    };
  }
}
