import type { Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';

/** Makes the probes of a target. Never rejects: what fails is a result. */
export interface Prober {
  probe(target: Target, signal: AbortSignal): Promise<Observation['probes']>;
}
