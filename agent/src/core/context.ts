import type { ActionResult } from './actionResult.ts';
import type { Analysis, AnalysisCode, AnalysisUsage, Diagnosis } from './diagnosis.ts';
import type { EvidenceItem } from './evidence.ts';
import type { Fleet } from './fleet.ts';
import type { SelfIdentity } from './guards/guard.ts';
import type { Observation } from './observation.ts';
import type { PersonCommand } from './personCommand.ts';
import type { Settings } from './settings.ts';
import type { Signal } from './signal.ts';
import type { Target } from './target.ts';

/** What a decision may rest on besides the incident's own state. */
export type Context = {
  /** Wall clock, milliseconds since the epoch. */
  readonly now: number;
  readonly settings: Settings;
  readonly fleet: Fleet;
  /** All targets known now, configured and discovered. */
  readonly targets: readonly Target[];
  readonly self: SelfIdentity;
  /** Why targets cannot be discovered at this moment, or null. */
  readonly discoveryTrouble: string | null;
};

/** What an effect reports. `key` names the effect; what belongs to a phase that is over is not heard. */
export type EffectReport = { readonly key: string } & (
  | {
      readonly kind: 'gathered';
      /** What came after the first step began: kept, and it moves nothing. */
      readonly late: boolean;
      readonly items: readonly EvidenceItem[];
      readonly missing: readonly string[];
      /** What the rules make of all the evidence so far; absent or null where they say nothing new. */
      readonly diagnosis?: Diagnosis | null;
    }
  | {
      readonly kind: 'analysed';
      readonly analysis: Analysis | null;
      readonly code: AnalysisCode;
      readonly reason: string;
      /** Null: it was not told what was used. */
      readonly usage: AnalysisUsage | null;
      /** What the analyst was shown when it asked; it may cite it. */
      readonly items: readonly EvidenceItem[];
    }
  | {
      readonly kind: 'looked';
      readonly observation: Observation;
      /** Of a watch: how long nobody looked before it, milliseconds. */
      readonly pausedMs?: number;
    }
  | { readonly kind: 'acted'; readonly result: ActionResult }
  | {
      readonly kind: 'confirmed';
      readonly verdict: 'happened' | 'not-happened' | 'unknown';
      readonly reason: string;
    }
  | {
      readonly kind: 'notified';
      readonly channel: string;
      readonly delivered: boolean;
      readonly withdrawal: boolean;
      readonly reason: string;
    }
);

/** What an incident can be told. */
export type Input =
  | { readonly kind: 'signal'; readonly signal: Signal; readonly trusted: boolean }
  | { readonly kind: 'report'; readonly report: EffectReport }
  | { readonly kind: 'tick' }
  /** Something changed that it may have waited for. */
  | { readonly kind: 'poke'; readonly reason: string }
  /** Its target is known now, and another incident goes on with it. */
  | { readonly kind: 'superseded'; readonly target: string }
  | { readonly kind: 'resumed' }
  | {
      readonly kind: 'person';
      readonly command: PersonCommand;
      readonly who: string;
      readonly reason: string;
    };
