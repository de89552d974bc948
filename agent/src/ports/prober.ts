import type { Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';

/** Leave to look at a target by the clock, for one round; disposed at its end. */
export type ProbeRound = Disposable & {
  /** Aborts when the round is called off: what it found by then says nothing about the target. */
  readonly signal: AbortSignal;
};

/** Makes the probes of a target. Never rejects: what fails is a result. */
export interface Prober {
  probe(target: Target, signal: AbortSignal): Promise<Observation['probes']>;
}
