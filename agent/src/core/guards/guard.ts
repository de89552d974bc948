import type { Fleet } from '../fleet.ts';
import type { Incident } from '../incident.ts';
import type { Observation } from '../observation.ts';
import type { GuardSettings, Settings } from '../settings.ts';
import type { Step } from '../strategy.ts';
import type { Instance, Target } from '../target.ts';

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

/** What a guard says, with the sentence that the operator reads. */
export type GuardAnswer = { readonly guard: string; readonly reason: string } & (
  | { readonly verdict: 'allow' }
  | {
      readonly verdict: 'delay';
      readonly until: number;
      /** The wait is wanted: the incident's own deadline does not run meanwhile. */
      readonly patient?: boolean;
    }
  | { readonly verdict: 'approval' }
  | { readonly verdict: 'refuse'; readonly code: string }
);

/** One rule. Pure: the same request always gets the same answer. */
export type Guard = (request: GuardRequest) => GuardAnswer;

/** Which guards want a wait, for comparison. */
export function waitsFor(answers: readonly GuardAnswer[]): string {
  return answers
    .filter(({ verdict }) => verdict === 'delay')
    .map(({ guard }) => guard)
    .join(' ');
}

const STRICTNESS = ['allow', 'delay', 'approval', 'refuse'] as const;

/** The strictest answer; of several delays, the longest. */
export function strictest(answers: readonly GuardAnswer[]): GuardAnswer {
  return answers.reduce<GuardAnswer>(
    (worst, answer) => {
      const difference = STRICTNESS.indexOf(answer.verdict) - STRICTNESS.indexOf(worst.verdict);
      if (difference > 0) return answer;
      if (answer.verdict === 'delay' && worst.verdict === 'delay' && answer.until > worst.until)
        return answer;
      return worst;
    },
    { guard: 'none', verdict: 'allow', reason: 'no guard objects' },
  );
}
