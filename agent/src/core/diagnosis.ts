import type { EvidenceItem } from './evidence.ts';

/** Whether running the same thing anew can remove a cause. */
export type RestartHelps = 'yes' | 'no' | 'unknown';

/** A place in an incident's evidence: an item by its id (`E2`), or one line of its text, from 1 on (`E2:17`). */
export type Citation = string;

/** One likely cause, with what it rests on. */
export type Cause = {
  /** Name of the pattern that recognised it, or what the analyst calls it; stable for metrics where it is a pattern's. */
  readonly id: string;
  readonly group: string;
  /** One sentence. */
  readonly summary: string;
  readonly restartHelps: RestartHelps;
  /** 0 to 1. */
  readonly confidence: number;
  readonly citations: readonly Citation[];
  /** What a person can do about it; one or two sentences. */
  readonly remedy: string;
};

/** A kind of log line that the service's own past does not know, or hardly knows. */
export type UnusualTemplate = {
  readonly template: string;
  readonly kind: 'new' | 'rare';
  /** How often it came in the minutes before the failure. */
  readonly count: number;
  readonly citation: Citation | null;
};

/** What the rules make of the evidence: the likely causes, the surest first, and what is unusual in the logs. */
export type Diagnosis = {
  readonly causes: readonly Cause[];
  readonly unusual: readonly UnusualTemplate[];
};

/**
 * What whoever analysed an incident would rather have done. It can only make the agent more careful: `temper` takes
 * from it what lowers autonomy, and leaves the rest.
 */
export type Advice = {
  readonly from: 'rules' | 'analyst';
  /** A configured strategy that fits better; it counts only where it does less than the plan. */
  readonly strategy: string | null;
  /** What is not to be done: steps that run the same thing anew (`restart`, `start`), or every mutating step. */
  readonly withhold: 'nothing' | 'restarts' | 'mutations';
  /** Whether a person approves each mutating step, or is called at once. */
  readonly person: 'as-planned' | 'approve' | 'now';
  readonly reason: string;
};

/** What an analysis took, for budgets and metrics. */
export type AnalysisUsage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars by the configured prices; 0 where none are configured. */
  readonly costUsd: number;
  /** Answers of the model; 0 when the answer was remembered. */
  readonly turns: number;
};

/** Why an analysis did not come about; stable, for metrics. */
export const ANALYSIS_FAILURES = [
  'timeout',
  'rate-limited',
  'unavailable',
  'refused',
  'malformed',
  'budget-spent',
  'breaker-open',
] as const;

export type AnalysisFailure = (typeof ANALYSIS_FAILURES)[number];

/** How an analysis ended: with an answer, with one that was remembered, or why with none. */
export const ANALYSIS_CODES = ['answered', 'remembered', ...ANALYSIS_FAILURES] as const;

export type AnalysisCode = (typeof ANALYSIS_CODES)[number];

/** What is granted to one analysis, or counts against the budgets. */
export type Spending = {
  readonly tokens: number;
  /** US dollars by the configured prices. */
  readonly costUsd: number;
};

/** What a model made of an incident, after every claim without a true citation was struck out. */
export type Analysis = {
  /** Provider and model, as configured. */
  readonly model: string;
  readonly causes: readonly Cause[];
  readonly advice: Advice;
  /** 0 to 1, as the model said of itself. */
  readonly confidence: number;
  /** What a person should look at. */
  readonly lookAt: readonly string[];
  /** Claims that were struck out, since what they cite does not exist. */
  readonly voided: number;
  /** Whether the same evidence had been analysed before, and the answer was remembered. */
  readonly remembered: boolean;
};

/** What an analyst is asked about. All text in it comes from outside and is data, never an instruction. */
export type AnalysisQuestion = {
  readonly incident: string;
  readonly target: string;
  /** Why the incident was opened. */
  readonly reason: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly evidence: readonly EvidenceItem[];
  readonly diagnosis: Diagnosis;
  /** The plan, and the other configured strategies that may be named instead: those that do less. */
  readonly plan: { readonly strategy: string; readonly steps: readonly string[] };
  readonly alternatives: readonly { readonly name: string; readonly steps: readonly string[] }[];
  /** What is left of the budgets for this question. */
  readonly budget: { readonly tokens: number; readonly costUsd: number };
};
