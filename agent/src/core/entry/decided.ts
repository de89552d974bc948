import type { Spending } from '../diagnosis.ts';
import type { EscalationCode } from '../escalationCode.ts';
import type { GuardAnswer } from '../guards/answer.ts';
import type { Outcome } from '../outcome.ts';
import type { Signal } from '../signal.ts';
import type { Step } from '../strategy.ts';
import type { Mode } from '../target.ts';

/** Why a signal that was heard starts nothing; stable, for metrics. */
export type IgnoredCode =
  | 'resolved-unknown'
  | 'own-escalation'
  | 'mode-off'
  | 'set-aside'
  | 'stopped-by-person';

/** What was decided, each with its reason in words. */
export type DecidedBody =
  | {
      readonly type: 'signal-ignored';
      readonly signal: Signal;
      readonly code: IgnoredCode;
      readonly reason: string;
    }
  | {
      readonly type: 'incident-opened';
      readonly id: string;
      readonly target: string | null;
      /** The target's name, or what stands for an unknown one; at most one incident is open per place. */
      readonly place: string;
      readonly reason: string;
      readonly deadlineAt: number;
      readonly evidenceBy: number;
    }
  | {
      readonly type: 'protective-action';
      readonly layer: 'intake' | 'configuration' | 'execution';
      readonly code: string;
      readonly reason: string;
    }
  | {
      readonly type: 'strategy-chosen';
      readonly strategy: string;
      readonly mode: Mode;
      readonly steps: readonly Step[];
      readonly reason: string;
    }
  /** What was advised made the plan more careful, or was left where it would not have. */
  | {
      readonly type: 'plan-tempered';
      readonly from: 'rules' | 'analyst';
      /** The first step that was open to change; those before it are as they were. */
      readonly index: number;
      readonly strategy: string;
      readonly mode: Mode;
      readonly steps: readonly Step[];
      /** False: it would not have made the plan more careful, and was left. */
      readonly changed: boolean;
      /** Actions of the mutating steps that are no longer done. */
      readonly withheld: readonly string[];
      readonly reason: string;
    }
  | {
      readonly type: 'analysis-started';
      /** Its deadline, wall clock, milliseconds. */
      readonly by: number;
      /** Whether the first step waits for it, until then at most. */
      readonly waits: boolean;
      /** What it may spend. */
      readonly budget: Spending;
    }
  | { readonly type: 'step-started'; readonly index: number; readonly action: string; readonly until: number }
  | { readonly type: 'look-started'; readonly index: number; readonly by: number; readonly reason: string }
  | { readonly type: 'guards-answered'; readonly index: number; readonly answers: readonly GuardAnswer[] }
  | {
      readonly type: 'step-held';
      readonly index: number;
      readonly until: number;
      readonly reason: string;
      readonly blind: boolean;
      /** The wait is wanted (maintenance): the incident's deadline does not run meanwhile. */
      readonly patient: boolean;
    }
  | {
      readonly type: 'approval-asked';
      readonly index: number;
      readonly until: number;
      /** Number of the call to people, and the channels that carry it. */
      readonly number: number;
      readonly channels: readonly string[];
      readonly reason: string;
    }
  | {
      readonly type: 'mutation-started';
      readonly index: number;
      readonly action: string;
      readonly instance: string;
      readonly instanceId: string;
      /** Identity of the run that is to end; the mutation has happened when the instance shows another. */
      readonly run: string;
      /** It was down already: whoever is heard to stop it, the call is not. */
      readonly down?: true;
      /** Instances that are still to be done after this one, by name. */
      readonly remaining: readonly string[];
      /** False for the further instances of one step and for a repeat of what did not happen: no new place in the budget. */
      readonly counts: boolean;
      readonly until: number;
    }
  | {
      readonly type: 'settling';
      readonly index: number;
      readonly instance: string;
      readonly remaining: readonly string[];
      readonly until: number;
    }
  | {
      readonly type: 'step-ended';
      readonly index: number;
      readonly outcome: 'succeeded' | 'failed' | 'skipped';
      readonly reason: string;
    }
  | {
      readonly type: 'verification-started';
      readonly index: number;
      readonly until: number;
      readonly reason: string;
    }
  | { readonly type: 'verification-ended'; readonly verified: boolean; readonly reason: string }
  /** What was seen well until now is no proof, since nobody looked meanwhile: the soak begins with the next look. */
  | { readonly type: 'soak-restarted'; readonly reason: string }
  | {
      readonly type: 'escalated';
      readonly number: number;
      readonly code: EscalationCode;
      readonly reason: string;
      readonly channels: readonly string[];
    }
  | { readonly type: 'incident-ended'; readonly outcome: Outcome; readonly reason: string }
  | {
      readonly type: 'breaker-opened';
      readonly target: string;
      readonly until: number;
      readonly reason: string;
    }
  | { readonly type: 'quarantined'; readonly error: string };
