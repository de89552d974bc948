import type { ActionResult } from '../core/actionResult.ts';
import type { Mutation } from '../core/incident.ts';
import type { Observation } from '../core/observation.ts';
import type { Step, StepKind } from '../core/strategy.ts';
import type { Instance, Target } from '../core/target.ts';
import type { Clock } from './clock.ts';
import type { LogSource } from './logSource.ts';
import type { Runtime } from './runtime.ts';

/** What an action may use. */
export type ActionContext = {
  readonly target: Target;
  /** For a mutating step the one instance that was permitted; for an observing step all of them. */
  readonly instances: readonly Instance[];
  readonly step: Step;
  readonly runtime: Runtime;
  /** Where logs outlive their instances; `null` where there is no such place. */
  readonly keptLogs: LogSource | null;
  /** Looks at the target once more: runtime, probes, symptoms. */
  readonly look: (signal: AbortSignal) => Promise<Observation>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** One kind of step. One a file in `actions/`. */
export interface Action {
  readonly name: string;
  readonly kind: StepKind;
  /** A mutating action that is done once for the whole target; without it, once for each instance. */
  readonly scope?: 'target';
  /** Checks and completes the parameters of a step; throws with a sentence that says what is wrong. */
  parse(parameters: unknown): Step['parameters'];
  /** How long one run may take by default, given its parameters; milliseconds. */
  defaultTimeoutMs(parameters: Step['parameters']): number;
  /** JSON Schema of the parameters, for editors and the reference. */
  readonly schema: object;
  /** One line for the reference: what it does. */
  readonly summary: string;
  run(context: ActionContext): Promise<ActionResult>;
  /**
   * For a mutating action whose answer was lost: whether it happened. It may watch for a while, until it can
   * tell or `context.signal` ends it.
   */
  happened?(
    mutation: Mutation,
    context: ActionContext,
  ): Promise<{ readonly verdict: 'happened' | 'not-happened' | 'unknown'; readonly reason: string }>;
}
