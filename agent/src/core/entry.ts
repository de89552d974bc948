import type { ActionResult } from './actionResult.ts';
import type { Control } from './control.ts';
import type { Analysis, AnalysisCode, AnalysisUsage, Diagnosis, Spending } from './diagnosis.ts';
import type { EscalationCode } from './escalationCode.ts';
import type { EvidenceItem } from './evidence.ts';
import type { GuardAnswer } from './guards/answer.ts';
import type { Health, Observation } from './observation.ts';
import type { Outcome } from './outcome.ts';
import type { PersonCommand } from './personCommand.ts';
import type { Signal } from './signal.ts';
import type { Step } from './strategy.ts';
import type { Instance, Mode } from './target.ts';

/** What was heard and seen: inputs. A past incident is decided again from these under another configuration. */
export type HeardBody =
  | {
      readonly type: 'agent-started';
      readonly version: string;
      readonly self: string;
      readonly settings: string;
    }
  | { readonly type: 'agent-stopped'; readonly reason: string }
  | { readonly type: 'clock-jumped'; readonly byMs: number }
  | { readonly type: 'journal-recovered'; readonly afterMs: number; readonly reason: string }
  | {
      readonly type: 'signal-heard';
      readonly signal: Signal /** False: confirm by observation first. */;
      readonly trusted: boolean;
    }
  | { readonly type: 'signal-repeated'; readonly fingerprint: string; readonly startsAt: number }
  | {
      readonly type: 'alerts-truncated';
      readonly count: number;
      readonly receiver: string;
      readonly readBack: boolean;
    }
  | { readonly type: 'resumed' }
  | {
      readonly type: 'evidence-gathered';
      readonly items: readonly EvidenceItem[];
      readonly missing: readonly string[];
    }
  /** What the rules make of the evidence so far; a later one stands in place of an earlier one. */
  | { readonly type: 'diagnosed'; readonly diagnosis: Diagnosis }
  | {
      readonly type: 'analysis-ended';
      /** Null: the rules decide alone, and `code` and `reason` say why. */
      readonly analysis: Analysis | null;
      readonly code: AnalysisCode;
      readonly reason: string;
      readonly usage: AnalysisUsage;
      /** What counts against the budgets: what was used, or all that was granted where nobody can tell. */
      readonly charged: Spending;
      /** What counts against the budgets of the day that began at `startsAt` (UTC), this one included. */
      readonly day: Spending & { readonly startsAt: number };
    }
  | { readonly type: 'observed'; readonly observation: Observation; readonly health: Health }
  | {
      readonly type: 'action-ended';
      readonly index: number;
      readonly instance: string | null;
      readonly result: ActionResult;
    }
  | {
      readonly type: 'mutation-confirmed';
      readonly index: number;
      readonly instance: string;
      readonly verdict: 'happened' | 'not-happened';
      readonly reason: string;
    }
  | {
      readonly type: 'notified';
      readonly escalation: number;
      readonly channel: string;
      readonly delivered: boolean;
      readonly withdrawal: boolean;
      readonly reason: string;
    }
  /** A person or a tool stopped or paused an instance through the runtime; it stays so until it is started again. */
  | {
      readonly type: 'instance-stopped';
      readonly instance: string;
      readonly instanceId: string;
      readonly by: 'stop' | 'pause';
    }
  | { readonly type: 'instance-started'; readonly instance: string; readonly instanceId: string }
  /** What a person had stopped is gone: its successor is nobody's to hold. */
  | { readonly type: 'instance-removed'; readonly instance: string; readonly instanceId: string }
  /** As what a target is well: a later failure is compared with it, also by an agent that was not there then. */
  | {
      readonly type: 'seen-well';
      readonly instances: readonly Pick<Instance, 'id' | 'name' | 'startedAt' | 'revision'>[];
      /** When it is forgotten if it is not said again, wall clock, milliseconds. */
      readonly until: number;
    }
  | {
      readonly type: 'control-set';
      readonly control: Control;
      readonly who: string;
      readonly reason: string;
    }
  | {
      readonly type: 'person-said';
      readonly command: PersonCommand;
      readonly who: string;
      readonly reason: string;
    };

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

/** What an entry says. */
export type EntryBody = HeardBody | DecidedBody;

/** What an entry of one type says. */
export type BodyOf<T extends EntryBody['type']> = Extract<EntryBody, { type: T }>;

/** An entry before the journal gave it its place. */
export type Draft = {
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  /** The incident it belongs to; `null` for what concerns the agent or the whole fleet. */
  readonly incident: string | null;
  readonly target: string | null;
  /** Version of the configuration under which it was heard or decided. */
  readonly settings: string;
  readonly body: EntryBody;
};

/** One line of the journal. */
export type Entry = Draft & {
  /** Schema version; entries of older versions are read for ever. */
  readonly v: 1;
  /** Position in the journal; ascending, not necessarily without gaps. */
  readonly seq: number;
};

const HEARD: ReadonlySet<EntryBody['type']> = new Set<HeardBody['type']>([
  'agent-started',
  'agent-stopped',
  'clock-jumped',
  'journal-recovered',
  'signal-heard',
  'signal-repeated',
  'alerts-truncated',
  'resumed',
  'evidence-gathered',
  'diagnosed',
  'analysis-ended',
  'observed',
  'action-ended',
  'mutation-confirmed',
  'notified',
  'person-said',
  'instance-stopped',
  'instance-started',
  'instance-removed',
  'seen-well',
  'control-set',
]);

/** Whether an entry is an input, or a decision made from inputs. */
export function originOf(type: EntryBody['type']): 'heard' | 'decided' {
  return HEARD.has(type) ? 'heard' : 'decided';
}
