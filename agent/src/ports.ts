import type { Alert, Labels } from './core/alert.ts';
import type {
  Analysis,
  AnalysisFailure,
  AnalysisQuestion,
  AnalysisUsage,
  Cause,
  Diagnosis,
} from './core/diagnosis.ts';
import type {
  ActionResult,
  Control as AgentControl,
  Draft,
  Entry,
  EscalationCode,
  EvidenceItem,
  EvidencePiece,
  Outcome,
  PersonCommand,
} from './core/entry.ts';
import type { Breaker } from './core/fleet/breakers.ts';
import type { Maintenance } from './core/fleet/declaredMaintenance.ts';
import type { SelfIdentity } from './core/guards/guard.ts';
import type { AlertView, Attempt, Mutation } from './core/incident.ts';
import type { OpenWindow } from './core/maintenance.ts';
import type { Observation, SymptomResult } from './core/observation.ts';
import type { Signal } from './core/signal.ts';
import type { Step, StepKind } from './core/strategy.ts';
import type { Instance, Mode, Target } from './core/target.ts';

/** Both clocks and the timer; the only source of time for everything but the adapter itself. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. Deadlines that outlive the process are measured by it. */
  now(): number;
  /** Monotonic clock, milliseconds from an arbitrary start. Durations inside the process are measured by it. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds of monotonic time; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A summary of one incident, as lists show it; kept by the journal beside the entries, derived from them. */
export type IncidentSummary = {
  readonly id: string;
  readonly target: string | null;
  readonly openedAt: number;
  readonly endedAt: number | null;
  /** The phase's kind while it is open, else `ended`. */
  readonly phase: string;
  readonly outcome: Outcome | null;
  readonly escalated: boolean;
  readonly reason: string;
};

/** Which incidents a list wants; newest first. */
export type IncidentQuery = {
  readonly target?: string;
  readonly state?: 'open' | 'ended';
  /** Only incidents opened before this time, for paging; milliseconds since the epoch. */
  readonly before?: number;
  /** 1 to 1000. */
  readonly limit: number;
};

/**
 * The append-only record. Everything else is derived from it.
 *
 * `append` is durable when it resolves (an fsync was done), and all or nothing. It rejects with `JournalError`
 * when it could not be written; nothing of the batch is there then.
 */
export interface Journal {
  /** Appends in order, in one transaction; answers the entries with their places. */
  append(drafts: readonly Draft[], summaries: readonly IncidentSummary[]): Promise<readonly Entry[]>;
  /**
   * What the fold needs at start: all entries of incidents that are not settled, those that are in force until they
   * are taken back (what people set, what they stopped), and every entry since `since` (milliseconds since the
   * epoch), in the order of the journal.
   */
  load(since: number): Promise<readonly Entry[]>;
  /** All entries of one incident, oldest first, at most `limit`. @param types Only entries of these types. */
  entriesOf(
    incident: string,
    limit: number,
    types?: readonly Entry['body']['type'][],
  ): Promise<readonly Entry[]>;
  incidents(query: IncidentQuery): Promise<readonly IncidentSummary[]>;
  incident(id: string): Promise<IncidentSummary | null>;
  close(): Promise<void>;
}

/**
 * What runs the targets. Every call ends by the signal's deadline; what cannot be asked rejects with `RuntimeError`.
 */
export interface Runtime {
  readonly name: Target['runtime'];
  /**
   * Targets that can be found by labels and names. Configured ones need no discovery; one that the runtime knows more
   * dependencies of is given again, with these.
   */
  discover(signal: AbortSignal): Promise<readonly Target[]>;
  /** The target's instances now; empty when there is none. */
  instances(target: Target, signal: AbortSignal): Promise<readonly Instance[]>;
  /**
   * Evidence about one instance, kept before anything is touched. Calls `found` for each piece as it comes, so
   * that a slow one (stats take 1 s or more) holds up nothing. Never rejects for a single piece: it names it as missing.
   *
   * @param failedAt When it failed, milliseconds since the epoch: its logs come as what was written until then and
   * what was written after, as exactly as the runtime can tell. Infinity: it has ended. `null`: as one piece.
   */
  evidence(
    instance: Instance,
    found: (piece: EvidencePiece) => void,
    signal: AbortSignal,
    failedAt: number | null,
  ): Promise<{ readonly missing: readonly string[] }>;
  logs(instance: Instance, options: LogOptions, signal: AbortSignal): Promise<Excerpt>;
  /** What happened to the instance in this range of time, one event a line, oldest first; absent: it keeps no record. */
  events?(
    instance: Instance,
    range: { readonly fromMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<Excerpt>;
  /** `only`: the use of CPU, which takes a second reading, is not wanted, and may be null. */
  resources(instance: Instance, signal: AbortSignal, only?: 'memory'): Promise<Resources>;
  /**
   * Stops, waits at most `stopTimeoutMs`, kills, and starts. Resolves when the runtime says it is done.
   * Rejects with `RuntimeError`; its `applied` says whether the call may have had its effect all the same.
   */
  restart(
    instance: Instance,
    options: { readonly stopTimeoutMs: number },
    signal: AbortSignal,
  ): Promise<void>;
  start(instance: Instance, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Text of bounded length from a source that may hold more. */
export type Excerpt = {
  readonly text: string;
  /** Whether the source held more that fits the question. */
  readonly truncated: boolean;
};

export type LogOptions = {
  readonly lines: number;
  /** Only lines after this time, milliseconds since the epoch. */
  readonly since: number | null;
  /** Only lines until this time, milliseconds since the epoch; absent: until now. Fewer than `lines` may come then. */
  readonly until?: number;
  readonly maxBytes: number;
};

/**
 * Keeps the log lines of targets beyond the life of their instances. A question ends by the source's own deadline of
 * a few seconds, or earlier by the signal's; it rejects when there are no lines or none can be had.
 */
export interface LogSource {
  readonly name: string;
  /** The last lines of the target, of whatever instance, oldest first. `remarks`: why they may not be all. */
  logs(
    target: Target,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly truncated: boolean; readonly remarks: readonly string[] }>;
}

/** Keeps measurements of targets: Prometheus. Each question is bounded in size, and in time by the signal. */
export interface MetricsSource {
  readonly name: string;
  /**
   * What is measured of the target and by the rules of its alerts, over the last minutes, as a few numbers a series.
   * Empty text: nothing is. Rejects when it cannot be asked.
   */
  related(target: Target, alerts: readonly AlertView[], signal: AbortSignal): Promise<Excerpt>;
  /** One PromQL expression at the present moment, a series a line. Rejects when it cannot be asked or is none. */
  query(promql: string, signal: AbortSignal): Promise<Excerpt>;
}

/** Use of resources by one instance; `null` where the runtime does not tell. */
export type Resources = {
  /** In processors: 1 is one whole processor busy. */
  readonly cpuShare: number | null;
  readonly memoryBytes: number | null;
  readonly memoryLimitBytes: number | null;
  readonly pids: number | null;
};

/** Recognises causes in evidence by rules alone: in the process, at once, and without a call to anywhere. */
export interface Diagnoser {
  /**
   * Never throws for what the evidence holds. `past`: older lines of the same target, oldest first, against which the
   * lines of the evidence are new or rare.
   */
  diagnose(target: string, evidence: readonly EvidenceItem[], past: readonly string[]): Diagnosis;
}

/** Read-only questions that an analyst may ask about the one target that it analyses; each bounded by the agent. */
export interface AnalystTools {
  /** More of the target's log lines, already redacted and numbered for citation. */
  moreLogs(options: { readonly lines: number; readonly contains: string | null }): Promise<EvidenceItem>;
  /** One PromQL query at the present moment; rejects where no Prometheus is configured. */
  query(promql: string): Promise<EvidenceItem>;
  /** What the runtime knows of the target's instances. */
  facts(): Promise<EvidenceItem>;
  /** The target's last incidents, and what worked then. */
  history(): Promise<EvidenceItem>;
}

export type { AnalysisFailure } from './core/diagnosis.ts';

/**
 * A model that reads evidence and says what it makes of it. It can do nothing but read and answer.
 *
 * Resolves with the analysis, or with why there is none; `usage` counts in both cases. Rejects only on a defect.
 */
export interface Analyst {
  /** Provider and model. */
  readonly model: string;
  analyse(
    question: AnalysisQuestion,
    tools: AnalystTools,
    signal: AbortSignal,
  ): Promise<
    | { readonly ok: true; readonly analysis: Analysis; readonly usage: AnalysisUsage }
    | {
        readonly ok: false;
        readonly code: AnalysisFailure;
        readonly reason: string;
        readonly usage: AnalysisUsage;
      }
  >;
}

/** Makes the probes of a target. Never rejects: what fails is a result. */
export interface Prober {
  probe(target: Target, signal: AbortSignal): Promise<Observation['probes']>;
}

/** Says whether an alert's symptom is still there. Never rejects: what cannot be told is `unknown`. */
export interface SymptomSource {
  readonly name: string;
  ask(fingerprint: string, alert: AlertView, signal: AbortSignal): Promise<SymptomResult>;
}

/** Reads the alerts that Alertmanager holds now, for what a truncated message left out. Rejects when it cannot be asked. */
export interface AlertReader {
  /** The alerts that are routed to this receiver and still fire. */
  activeAlerts(receiver: string, signal: AbortSignal): Promise<readonly Alert[]>;
}

/** Everything that a person needs to go on where the agent stopped. */
export type EscalationMessage = {
  readonly incident: string;
  readonly number: number;
  readonly target: string | null;
  readonly code: EscalationCode;
  readonly reason: string;
  readonly severity: 'critical' | 'warning';
  /** When the incident was opened and escalated, milliseconds since the epoch. */
  readonly openedAt: number;
  readonly at: number;
  readonly alerts: readonly { readonly name: string; readonly labels: Labels }[];
  readonly attempts: readonly Attempt[];
  /** The likely causes, the surest first; a few. */
  readonly causes: readonly Cause[];
  readonly strategy: string | null;
  /** Where the whole story can be read. */
  readonly link: string;
};

/** One channel to people. */
export interface Notifier {
  /** Unique name; the journal records deliveries by it. */
  readonly channel: string;
  /**
   * How often the escalation is to be said again while nobody took it, milliseconds; `null`: once is enough.
   * Alertmanager resolves an alert that is not sent again.
   */
  readonly repeatMs: number | null;
  /** Delivers; rejects when the other side did not accept it by the signal's deadline. */
  deliver(message: EscalationMessage, signal: AbortSignal): Promise<void>;
  /** Says that it is over: recovered, or taken by a person. Idempotent. */
  withdraw(message: EscalationMessage, why: string, signal: AbortSignal): Promise<void>;
}

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

/** Finds out who the agent is, so that it never acts on itself. */
export interface SelfFinder {
  find(signal: AbortSignal): Promise<SelfIdentity>;
}

/** What the engine tells about itself, for metrics and logs. */
export interface Telemetry {
  /** What the journal held when it was folded: known from then on, and not news. */
  restored(entries: readonly Entry[]): void;
  entryAppended(entry: Entry): void;
  journalCommitted(durationMs: number, ok: boolean): void;
  effectStarted(kind: string): void;
  effectEnded(kind: string, durationMs: number): void;
  /** An effect threw: a defect, or a journal that could not be written. */
  effectFailed(kind: string, incident: string, error: unknown): void;
  observed(target: Target, observation: Observation): void;
  incidentQuarantined(incident: string, error: unknown): void;
}

/** A target as last seen, with its recent course. */
export type TargetStatus = {
  readonly target: Target;
  readonly health: { readonly verdict: 'well' | 'starting' | 'unwell' | 'unknown'; readonly reason: string };
  /** Milliseconds since the epoch; `null` before the first look. */
  readonly observedAt: number | null;
  /** Duration of the slowest probe at the last look, milliseconds; `null` without probes. */
  readonly latencyMs: number | null;
  /** Oldest first; bounded. */
  readonly course: readonly {
    readonly at: number;
    readonly verdict: TargetStatus['health']['verdict'];
    readonly latencyMs: number | null;
  }[];
  readonly incident: string | null;
  readonly protected: boolean;
};

/** What one Alertmanager message said, parsed. */
export type AlertMessage = {
  readonly receiver: string;
  readonly alerts: readonly Alert[];
  /** How many alerts the sender left out. */
  readonly truncated: number;
};

/** What a runtime tells of by itself, already matched to its target. */
export type RuntimeEvent = {
  readonly target: string;
  readonly instance: string;
  readonly instanceId: string;
  readonly what: 'died' | 'oom' | 'unhealthy' | 'stopped' | 'paused' | 'started' | 'removed';
  /** Milliseconds since the epoch. */
  readonly happenedAt: number;
  readonly reason: string;
};

/** Controls that people set and that are in force now. */
export type ControlsInForce = {
  readonly maintenance: readonly Maintenance[];
  /** Windows of the configuration that are open now. */
  readonly recurring: readonly OpenWindow[];
  readonly breakers: readonly (Breaker & { readonly target: string })[];
  readonly modes: readonly { readonly target: string | null; readonly mode: Mode }[];
};

/** A mutating step that waits for a person; approved or denied by its incident's id. */
export type PendingApproval = {
  readonly incident: string;
  readonly target: string | null;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly reason: string;
};

/**
 * What the edges may ask of the running agent; the engine implements it.
 *
 * Everything that changes something resolves only after the durable commit and rejects with `JournalError` when
 * it could not be written, or with `OverloadedError` when the agent is full.
 */
export interface Control {
  hearAlerts(message: AlertMessage): Promise<void>;
  /** A signal of a source that knows its target: probe, runtime. */
  hear(signal: Signal): Promise<void>;
  /** A person asks for the recovery of a target; answers the id of the incident it opened or joined. */
  recover(target: string, who: string, reason: string): Promise<{ readonly incident: string }>;
  /** A person's word to an incident. */
  command(incident: string, command: PersonCommand, who: string, reason: string): Promise<void>;
  /** A person's word to the agent as a whole: maintenance, mode, breaker. */
  control(control: AgentControl, who: string, reason: string): Promise<void>;
  controls(): ControlsInForce;
  approvals(): readonly PendingApproval[];
  /** What a runtime told: a failure becomes a signal, a stop by a person is remembered, the agent's own doing is neither. */
  hearRuntime(event: RuntimeEvent): Promise<void>;
  targets(): readonly TargetStatus[];
  /** State of each thing the agent depends on, for `/health`. */
  dependencies(): readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly required: boolean;
    readonly reason: string;
  }[];
  /** Who the agent thinks it is. */
  readonly self: SelfIdentity;
}
