import type { RecurringWindow } from './maintenance.ts';
import type { Strategy } from './strategy.ts';
import type { Mode, Target, Verification } from './target.ts';

/** Limits of the guards; see `guards/` for what each means. All durations in milliseconds. */
export type GuardSettings = {
  readonly budget: { readonly mutations: number; readonly windowMs: number; readonly breakerMs: number };
  readonly backoff: {
    readonly initialMs: number;
    readonly factor: number;
    readonly maxMs: number;
    /** Share of the delay that is random, 0 to 1. */
    readonly jitter: number;
    /** A target that was well for this long begins again with `initialMs`. */
    readonly resetAfterMs: number;
  };
  readonly flapping: { readonly recoveries: number; readonly windowMs: number };
  readonly blastRadius: { readonly concurrent: number; readonly fraction: number; readonly windowMs: number };
  readonly panic: { readonly fraction: number; readonly minimum: number };
  readonly worse: { readonly windowMs: number; readonly times: number };
  readonly grace: { readonly afterStartMs: number };
  readonly supervisor: { readonly patienceMs: number };
  readonly staleness: { readonly maxAgeMs: number };
  readonly approval: { readonly timeoutMs: number };
};

/** Deadlines of an incident that no strategy sets. All in milliseconds. */
export type IncidentSettings = {
  /** How long evidence may be gathered before the first step. */
  readonly evidenceMs: number;
  /** How long one look at the target may take. */
  readonly lookMs: number;
  /** How long a target that cannot be seen is looked for before a person is called. */
  readonly blindMs: number;
  /** How long the whole incident may take until it is recovered or a person is called. */
  readonly deadlineMs: number;
  /** How often an escalated target is looked at. */
  readonly escalatedIntervalMs: number;
};

/** What the rules' diagnosis decides. */
export type DiagnosisSettings = {
  /** A cause that a restart cannot remove holds restarts back when it is at least so sure; 0 to 1. */
  readonly minimumConfidence: number;
};

/** What the analyst may take and cost. */
export type AnalysisSettings = {
  /** How long the first step of a strategy waits for it at most, milliseconds. */
  readonly timeoutMs: number;
  readonly perIncident: {
    readonly tokens: number;
    /** US dollars. */
    readonly costUsd: number;
    readonly analyses: number;
  };
  /** A day begins at midnight, UTC. */
  readonly perDay: { readonly tokens: number; readonly costUsd: number };
};

/** The configuration, as far as the core needs it: plain data. */
export type Settings = {
  /** Hash of the configuration; every decision is journaled with it. */
  readonly version: string;
  readonly mode: Mode;
  /** The agent's own names: Compose service, job, container name. Never a target. */
  readonly selfNames: readonly string[];
  /** Names of targets and containers that are never mutated. */
  readonly protectedNames: readonly string[];
  readonly labelMappings: readonly string[];
  readonly targets: readonly Target[];
  readonly strategies: readonly Strategy[];
  readonly verification: Verification;
  readonly incident: IncidentSettings;
  readonly maintenance: readonly RecurringWindow[];
  readonly guards: GuardSettings;
  /** Guard settings of single targets, where they differ from the global ones. */
  readonly guardsByTarget: ReadonlyMap<string, GuardSettings>;
  readonly diagnosis: DiagnosisSettings;
  /** Null: no analyst is configured, and none is asked. */
  readonly analysis: AnalysisSettings | null;
  /** Names of the channels that carry an escalation. */
  readonly channels: readonly string[];
  /** `alertname` of the alert that the agent itself posts; hearing it again must start nothing. */
  readonly escalationAlertName: string;
};

/** The guard settings in force for a target. */
export function guardsOf(settings: Settings, target: string): GuardSettings {
  return settings.guardsByTarget.get(target) ?? settings.guards;
}

const STRICTNESS: readonly Mode[] = ['auto', 'approve', 'observe', 'off'];

/** The stricter of several modes: off before observe before approve before auto. */
export function strictestMode(...modes: readonly Mode[]): Mode {
  return modes.reduce(
    (strictest, mode) => (STRICTNESS.indexOf(mode) > STRICTNESS.indexOf(strictest) ? mode : strictest),
    'auto',
  );
}

/** Whether a mode lets the agent do no more than another. */
export function isStricterOrEqual(mode: Mode, other: Mode): boolean {
  return STRICTNESS.indexOf(mode) >= STRICTNESS.indexOf(other);
}

/** The defaults that DESIGN's table of guards gives, with their sources; configuration overrides each. */
export const DEFAULT_GUARDS: GuardSettings = {
  budget: { mutations: 3, windowMs: 600_000, breakerMs: 600_000 },
  backoff: { initialMs: 10_000, factor: 2, maxMs: 300_000, jitter: 0.25, resetAfterMs: 600_000 },
  flapping: { recoveries: 3, windowMs: 3_600_000 },
  blastRadius: { concurrent: 3, fraction: 0.2, windowMs: 600_000 },
  panic: { fraction: 0.5, minimum: 3 },
  worse: { windowMs: 120_000, times: 2 },
  grace: { afterStartMs: 30_000 },
  supervisor: { patienceMs: 15_000 },
  staleness: { maxAgeMs: 900_000 },
  approval: { timeoutMs: 900_000 },
};

/** Deadlines in force where configuration says nothing. */
export const DEFAULT_INCIDENT: IncidentSettings = {
  evidenceMs: 2_000,
  lookMs: 10_000,
  blindMs: 300_000,
  deadlineMs: 3_600_000,
  escalatedIntervalMs: 10_000,
};

/** What the rules decide where configuration says nothing. */
export const DEFAULT_DIAGNOSIS: DiagnosisSettings = { minimumConfidence: 0.8 };

/** What an analyst that is configured may take and cost where configuration says nothing. */
export const DEFAULT_ANALYSIS: AnalysisSettings = {
  timeoutMs: 10_000,
  perIncident: { tokens: 50_000, costUsd: 0.5, analyses: 1 },
  perDay: { tokens: 1_000_000, costUsd: 10 },
};

/** How recovery is proved where configuration says nothing. */
export const DEFAULT_VERIFICATION: Verification = {
  soakMs: 10_000,
  timeoutMs: 120_000,
  intervalMs: 1_000,
  symptom: 'auto',
};

/** The labels that may name a target, first match wins. */
export const DEFAULT_LABEL_MAPPINGS: readonly string[] = [
  'mpa_target',
  'container_label_com_docker_compose_service',
  'compose_service',
  'service',
  'container',
  'job',
];
