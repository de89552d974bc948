import type { Labels } from './alert.ts';
import type { Analysis, Diagnosis, Spending } from './diagnosis.ts';
import type { EscalationCode } from './escalationCode.ts';
import type { Outcome } from './outcome.ts';
import type { Signal } from './signal.ts';
import type { Step } from './strategy.ts';
import type { Mode } from './target.ts';

/** One alert of an incident, as last heard and as last asked for. */
export type AlertView = {
  readonly name: string;
  readonly labels: Labels;
  readonly generatorUrl: string;
  readonly status: 'firing' | 'resolved';
  /** When it was over, as last heard, milliseconds; a firing that began before is a late copy. `null` while it fires. */
  readonly endsAt: number | null;
  /** False when the message alone is no reason to act: it was old, or a late copy of an episode already over. */
  readonly trusted: boolean;
};

/** Delivery of an escalation over one channel. */
export type Delivery = {
  readonly delivered: boolean;
  /** Whether the channel was told that the escalation is over. */
  readonly withdrawn: boolean;
  /** Failed attempts since the last success. */
  readonly failures: number;
  readonly nextAt: number;
};

/** The handover to a person. */
export type Escalation = {
  readonly number: number;
  readonly code: EscalationCode;
  readonly reason: string;
  readonly at: number;
  readonly acknowledged: { readonly by: string; readonly at: number } | null;
  readonly deliveries: ReadonlyMap<string, Delivery>;
};

/** One use of an action, for whoever reads what was tried. */
export type Attempt = {
  readonly index: number;
  readonly action: string;
  readonly instance: string | null;
  readonly startedAt: number;
  readonly outcome: 'under way' | 'succeeded' | 'failed' | 'unknown' | 'happened' | 'not-happened';
  readonly reason: string;
  /** It was a step of a plan that another one has followed since: a person said `recover`. */
  readonly ofEarlierPlan?: true;
};

/** What a mutation that is under way needs to be recognised after a crash. */
export type Mutation = {
  readonly index: number;
  readonly instance: string;
  readonly instanceId: string;
  readonly run: string;
  readonly remaining: readonly string[];
  readonly startedAt: number;
  readonly until: number;
};

/** Where an incident stands. Each phase names what is awaited; `effects.ts` derives from it what must be under way. */
export type Phase =
  | { readonly kind: 'gathering'; readonly by: number; readonly allowedMs: number }
  /** Between two steps; `decide` never leaves an incident here, except when it is cut off by a crash. */
  | { readonly kind: 'ready'; readonly index: number }
  /** The plan is made, and its first step waits for the analyst. */
  | { readonly kind: 'analysing' }
  | { readonly kind: 'acting'; readonly index: number; readonly action: string; readonly until: number }
  | {
      readonly kind: 'looking';
      readonly index: number;
      readonly by: number;
      readonly told: Told;
      readonly approved: boolean;
      readonly remaining: readonly string[] | null;
    }
  | {
      readonly kind: 'held';
      readonly index: number;
      readonly until: number;
      readonly reason: string;
      readonly told: Told;
      /** The wait is wanted, and the deadline was put off by it. */
      readonly patient: boolean;
      readonly approved: boolean;
      readonly remaining: readonly string[] | null;
    }
  | {
      readonly kind: 'approving';
      readonly index: number;
      readonly until: number;
      readonly reason: string;
      readonly remaining: readonly string[] | null;
    }
  | ({ readonly kind: 'mutating'; readonly approved: boolean } & Mutation)
  /** Started, and not known whether it happened: look, never repeat blindly. */
  | ({ readonly kind: 'unsure'; readonly approved: boolean } & Mutation)
  /** One instance of several is done; the next waits until it is in order. */
  | {
      readonly kind: 'settling';
      readonly index: number;
      readonly approved: boolean;
      readonly instance: string;
      readonly remaining: readonly string[];
      readonly until: number;
    }
  | {
      readonly kind: 'verifying';
      readonly index: number;
      readonly until: number;
      readonly well: WellSince | null;
      /** What the last journaled look saw; only a look that differs is journaled. */
      readonly seen: string;
    }
  | { readonly kind: 'escalated'; readonly well: WellSince | null; readonly seen: string }
  | { readonly kind: 'ended'; readonly outcome: Outcome; readonly at: number };

/** What the journal says last of the looks before one step, so that a wait writes down only what changed. */
export type Told = { readonly seen: string; readonly waitsFor: string };

/** Since when the target has been seen well without a break, and on which runs that rests. */
export type WellSince = { readonly at: number; readonly runs: string };

/** What is being done, or will be: chosen once, and from then on only made more careful. */
export type ActivePlan = {
  /** Name of the strategy. */
  readonly name: string;
  readonly mode: Mode;
  readonly steps: readonly Step[];
};

/** The question to the analyst. */
export type Asked = {
  /** Number of the entry that began it; names its effect. */
  readonly serial: number;
  /** Its deadline, wall clock, milliseconds. */
  readonly by: number;
  readonly budget: Spending;
  /** How often it was asked anew since the agent was away: what was spent until then nobody can tell. */
  readonly repeats: number;
  readonly over: boolean;
  /** The answer, when it is over and there is one. */
  readonly analysis: Analysis | null;
};

/** The state of one incident: a fold of its entries. */
export type Incident = {
  readonly id: string;
  /** `null` when no target could be found. */
  readonly target: string | null;
  readonly openedAt: number;
  readonly deadlineAt: number;
  /** How long it may take, milliseconds; a person who asks for another recovery gives it that time again. */
  readonly allowedMs: number;
  /** How long evidence may be gathered, milliseconds. */
  readonly evidenceMs: number;
  /** Number of entries folded; `phaseSerial` is its value when the phase began, and names that phase's effects. */
  readonly serial: number;
  readonly phaseSerial: number;
  readonly phase: Phase;
  readonly reason: string;
  readonly source: Signal['source'] | null;
  /** Every source that was heard. */
  readonly sources: ReadonlySet<Signal['source']>;
  /** Labels of the first alert; they choose the strategy and fill placeholders. */
  readonly labels: Labels;
  readonly alerts: ReadonlyMap<string, AlertView>;
  readonly signals: number;
  /** Pieces of evidence kept so far; the next is `E` and this plus one. */
  readonly evidence: number;
  readonly diagnosis: Diagnosis | null;
  readonly asked: Asked | null;
  /** Whose advice the plan was tempered by, as far as it was given until then. */
  readonly heeded: { readonly rules: boolean; readonly analyst: boolean };
  /** The person who ordered the recovery that is under way: what was advised against it counts no more. */
  readonly orderedBy: string | null;
  readonly strategy: ActivePlan | null;
  readonly attempts: readonly Attempt[];
  /** Whether anything was mutated since the strategy began; without it nothing is called `recovered`. */
  readonly mutated: boolean;
  /** Whether a mutation waits for its proof: it is asked for before the next mutating step and before a person is called. */
  readonly unverified: boolean;
  /** Whether the last thing asked was a proof, and it failed. */
  readonly disproved: boolean;
  readonly mutations: number;
  /** Since when the target cannot be seen, while a mutating step waits for a look. */
  readonly blindSince: number | null;
  readonly escalation: Escalation | null;
  readonly quarantined: string | null;
};

/**
 * Whether nothing more will happen: ended, every channel knows, and no analysis goes on past its end, whose cost is still
 * to be heard. Such an incident leaves the memory.
 */
export function isSettled(incident: Incident): boolean {
  if (incident.phase.kind !== 'ended') return false;
  if (incident.asked !== null && !incident.asked.over && incident.quarantined === null) return false;
  if (incident.escalation === null) return true;
  return [...incident.escalation.deliveries.values()].every(
    ({ delivered, withdrawn }) => delivered && withdrawn,
  );
}
