import type { ActionResult } from '../actionResult.ts';
import type { Control } from '../control.ts';
import type { Analysis, AnalysisCode, AnalysisUsage, Diagnosis, Spending } from '../diagnosis.ts';
import type { EvidenceItem } from '../evidence.ts';
import type { Health, Observation } from '../observation.ts';
import type { PersonCommand } from '../personCommand.ts';
import type { Signal } from '../signal.ts';
import type { Instance } from '../target.ts';

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
      readonly signal: Signal;
      /** False: confirm by observation first. */
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
  /** What had been stopped was started again; or a call of the agent's has started it, which then alone says when. */
  | {
      readonly type: 'instance-started';
      readonly instance: string;
      readonly instanceId: string;
      /** By the runtime's clock, milliseconds. */
      readonly ownAt?: number;
    }
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

/** Every type of what was heard and seen. */
export const HEARD: ReadonlySet<string> = new Set<HeardBody['type']>([
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
