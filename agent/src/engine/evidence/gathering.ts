import type { Incident } from '../../core/incident.ts';
import type { Instance, RuntimeName, Target } from '../../core/target.ts';
import type { Clock, Diagnoser, Journal, LogSource, MetricsSource, Runtime } from '../../ports.ts';
import type { Basket } from './basket.ts';
import type { WellState } from './wellStates.ts';

/** Instances of one target about which evidence is kept. */
export const EVIDENCE_INSTANCES_MAX = 5;

/** Where evidence comes from, and what is made of it. */
export type GathererParts = {
  readonly clock: Clock;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly keptLogs: LogSource | null;
  readonly metrics: MetricsSource | null;
  readonly journal: Pick<Journal, 'incidents' | 'entriesOf'>;
  readonly diagnoser: Diagnoser | null;
  /** Takes secrets out of text from outside, before anything is kept. */
  readonly redact: (text: string) => string;
  /** As what a target was seen well by this agent, oldest first. */
  readonly wellStates: (target: string) => readonly WellState[];
};

/** What one gathering has come to so far. */
export type Gathering = {
  readonly target: Target;
  readonly incident: Incident;
  readonly basket: Basket;
  /** What could not be had, in words, since it was last reported. */
  readonly missing: string[];
  /** All of them. */
  readonly instances: Promise<readonly Instance[]>;
  /** As what this agent had seen the target well before, oldest first. */
  readonly wellStates: readonly WellState[];
  /** What the target wrote before the minutes of its failure; empty until it is read. */
  past: readonly string[];
  readonly signal: AbortSignal;
};
