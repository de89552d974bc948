import { SKEW_MS } from './skew.ts';

/** One call of the agent that acts; `endedAt` is null until it is known how it ended. */
type Act = {
  readonly target: string;
  readonly instanceId: string;
  /** Whether it may stop the instance before it starts it: a restart does, a start does not. */
  readonly stops: boolean;
  readonly at: number;
  endedAt: number | null;
  /** Whether the runtime itself said how it ended; else it was only seen later that it must have happened. */
  answered: boolean;
  /** When it started the instance, by the runtime's clock, as far as that was heard. */
  startedAt: number | null;
};

const ACTS_MAX = 2_000;
/** So many are forgotten at once. */
const FORGOTTEN_AT_ONCE = 200;

/** The agent's calls that act, so that what they do to a target is not taken for somebody else's doing. */
export class Acts {
  /** By incident, until it is known how they ended. */
  readonly #underWay = new Map<string, Act>();
  readonly #acts: Act[] = [];

  /** Targets that are being mutated at this moment. */
  underWay(): readonly string[] {
    return [...new Set([...this.#underWay.values()].map(({ target }) => target))];
  }

  /** Whether what happened to a target at `at` fell into one of the calls. */
  isOwnDoing(target: string, at: number): boolean {
    return this.#acts.some((act) => act.target === target && covers(act, at));
  }

  /**
   * Whose doing it was that something of a target was started at `at`. A call that nobody saw answered may never have
   * been made: whatever was started meanwhile is `unclear`.
   */
  whoStarted(target: string, at: number): 'agent' | 'unclear' | 'other' {
    const covering = this.#acts.filter((act) => act.target === target && covers(act, at));
    if (covering.length === 0) return 'other';
    return covering.some(({ answered, endedAt }) => answered || endedAt === null) ? 'agent' : 'unclear';
  }

  /**
   * Whether one of the calls may have stopped an instance at `at`. A call stops nothing any more once it has started
   * what it is for, and nothing but that: such a stop is somebody else's, however close it comes.
   */
  mayHaveStopped(target: string, instanceId: string, at: number): boolean {
    const act = this.#actOn(target, instanceId, at);
    return act?.stops === true && (act.startedAt === null || at <= act.startedAt);
  }

  /** Whether a start at `at` is the one that a call is about to make, and was not heard of yet. */
  awaitsStart(target: string, instanceId: string, at: number): boolean {
    return this.#actOn(target, instanceId, at)?.startedAt === null;
  }

  #actOn(target: string, instanceId: string, at: number): Act | undefined {
    return this.#acts.findLast(
      (act) => act.target === target && act.instanceId === instanceId && covers(act, at),
    );
  }

  begin(incident: string, call: Pick<Act, 'target' | 'instanceId' | 'stops' | 'at'>): void {
    const act: Act = { ...call, endedAt: null, answered: false, startedAt: null };
    this.#underWay.set(incident, act);
    this.#acts.push(act);
    if (this.#acts.length > ACTS_MAX) this.#acts.splice(0, FORGOTTEN_AT_ONCE);
  }

  /** @param answered Whether the runtime said how it ended. */
  end(incident: string, at: number, answered: boolean): void {
    const act = this.#underWay.get(incident);
    if (act === undefined) return;
    act.endedAt = at;
    act.answered = answered;
    this.#underWay.delete(incident);
  }

  /** The call on this instance has started it at `at`, by the runtime's clock. */
  noteStart(target: string, instanceId: string, at: number): void {
    const act = this.#actOn(target, instanceId, at);
    if (act !== undefined) act.startedAt ??= at;
  }
}

function covers({ at: from, endedAt }: Act, at: number): boolean {
  return at >= from - SKEW_MS && at <= (endedAt ?? Number.POSITIVE_INFINITY) + SKEW_MS;
}
