import type { Fleet } from '../fleet.ts';
import type { Incident } from '../incident.ts';
import type { Observation } from '../observation.ts';
import type { GuardSettings, Settings } from '../settings.ts';
import type { Step } from '../strategy.ts';
import type { Instance, Target } from '../target.ts';
import type { GuardAnswer } from './answer.ts';

/** Who the agent is, as far as it could find out at start. */
export type SelfIdentity =
  /** Not in a container: no container can be the agent. */
  | { readonly kind: 'outside' }
  | {
      readonly kind: 'container';
      readonly id: string;
      readonly names: readonly string[];
      readonly how: string;
    }
  /** In a container and not able to tell which: nothing may be mutated. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A question to the guards: may this step act on these instances now? */
export type GuardRequest = {
  readonly now: number;
  readonly incident: Incident;
  readonly target: Target;
  readonly step: Step;
  readonly index: number;
  readonly observation: Observation;
  /** The concrete instances that would be mutated, as just observed. */
  readonly instances: readonly Instance[];
  readonly settings: Settings;
  readonly limits: GuardSettings;
  readonly fleet: Fleet;
  readonly self: SelfIdentity;
  /** All targets known now, configured and discovered. */
  readonly targets: readonly Target[];
  /** Whether a person approved this very step. */
  readonly approved: boolean;
  /** Whether it takes a new place in the budgets; the further instances of one step and a repeat of what did not happen do not. */
  readonly counts: boolean;
};

/** One rule. Pure: the same request always gets the same answer. */
export type Guard = (request: GuardRequest) => GuardAnswer;
