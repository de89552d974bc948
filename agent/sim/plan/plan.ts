import type { StepCondition } from '../../src/core/strategy.ts';
import type { Mode } from '../../src/core/target.ts';

/** How a service was built and what is seen of it. */
export type ServiceSpec = {
  readonly name: string;
  readonly instances: number;
  readonly dependsOn: readonly string[];
  /** Whether it is in trouble as long as something that it depends on is. */
  readonly suffers: boolean;
  readonly healthCheck: boolean;
  /** Whether the runtime brings back what exits. */
  readonly supervised: boolean;
  readonly probes: boolean;
  readonly bootMs: number;
  /** How much later than the service itself its health check can tell of a new run, milliseconds. */
  readonly checkMs: number;
  readonly startPeriodMs: number;
  /** How long it is in trouble before its alert fires, and well before it resolves; milliseconds. */
  readonly alertAfterMs: number;
  readonly resolveAfterMs: number;
  /** Alerts of one group travel in one message. */
  readonly group: number;
  readonly sources: readonly ('alertmanager' | 'probe' | 'runtime')[];
  /** Whether a second alert speaks of the same trouble. */
  readonly secondAlert: boolean;
  readonly mode: Mode;
  readonly guarded: 'no' | 'by-target' | 'by-name' | 'self';
  /** Found by the runtime's discovery alone; configuration does not name it. */
  readonly discovered: boolean;
};

/** What is wrong with an instance. */
export type Illness = {
  readonly kind:
    | 'crash'
    | 'hang'
    | 'slow start'
    | 'crash loop'
    | 'out of memory'
    | 'fails under load'
    | 'heals by itself'
    | 'never heals'
    | 'lies about its health';
  /** How it shows: its run ends, its health check fails, or nothing shows and only the symptom is there. */
  readonly shows: 'exits' | 'unhealthy' | 'nothing';
  /** Restarts until it is gone; `null`: no number of them. */
  readonly restarts: number | null;
  /** After this long it is gone by itself, milliseconds; `null`: never. */
  readonly healsAfterMs: number | null;
  /** How long a new run looks well before it shows again, milliseconds. */
  readonly relapseMs: number;
};

/** What goes on for a while on one of the agent's edges. */
export type Fault =
  | {
      readonly kind: 'signals';
      readonly how:
        | 'lost'
        | 'delayed'
        | 'duplicated'
        | 'reordered'
        | 'resolved-lost'
        | 'ack-lost'
        | 'twins'
        | 'truncated';
    }
  | {
      readonly kind: 'runtime';
      readonly how: 'unreachable' | 'slow' | 'late' | 'fails' | 'never-applied' | 'answer-lost';
    }
  | { readonly kind: 'notifier'; readonly how: 'fails' | 'hangs' | 'answer-lost' }
  | { readonly kind: 'symptoms'; readonly how: 'unknown' | 'fails' | 'hangs' }
  | { readonly kind: 'disk'; readonly how: 'full' | 'slow' };

/** One thing that happens, at a time that was fixed beforehand; milliseconds since the world began. */
export type Happening = { readonly at: number } & (
  | {
      readonly kind: 'illness';
      readonly service: string;
      readonly instance: number;
      readonly illness: Illness;
    }
  | { readonly kind: 'false-alarm'; readonly service: string; readonly forMs: number }
  | { readonly kind: 'poison'; readonly service: string; readonly forMs: number }
  | {
      readonly kind: 'stray';
      readonly what: 'agent' | 'unknown' | 'own-escalation' | 'resolved';
      readonly service: string;
    }
  | { readonly kind: 'deploy'; readonly service: string; readonly downMs: number }
  | { readonly kind: 'person-restart'; readonly service: string }
  | { readonly kind: 'person-stop'; readonly service: string; readonly forMs: number }
  | { readonly kind: 'person-pause'; readonly service: string; readonly forMs: number }
  /** Somebody stops or pauses what the agent begins to act on next, so long after it wrote that it begins. */
  | {
      readonly kind: 'meddle';
      readonly how: 'stop' | 'pause';
      readonly actingMs: number;
      readonly forMs: number;
    }
  /** Something comes so long after the agent next writes that it is in the middle of this, to what it is at work on. */
  | {
      readonly kind: 'midway';
      readonly upon:
        | 'look-started'
        | 'mutation-started'
        | 'verification-started'
        | 'approval-asked'
        | 'step-held'
        | 'escalated';
      readonly what:
        | 'deploy'
        | 'restart'
        | 'stop'
        | 'crash'
        | 'scale-up'
        | 'scale-down'
        | 'maintenance'
        | 'approve'
        | 'observe'
        | 'breaker-reset'
        | 'recover'
        | 'close'
        | 'acknowledge';
      readonly afterMs: number;
      readonly forMs: number;
    }
  /** Services leave the configuration, or all dependencies do, and come back after a while. */
  | {
      readonly kind: 'retarget';
      readonly absent: readonly string[];
      readonly unlinked: boolean;
      readonly forMs: number;
    }
  | {
      readonly kind: 'person-says';
      readonly service: string;
      readonly command: 'recover' | 'close' | 'acknowledge';
    }
  /** Somebody declares a maintenance, of one or of all, and may end it before its time. */
  | {
      readonly kind: 'maintenance';
      readonly of: string | null;
      readonly forMs: number;
      readonly endsAfterMs: number | null;
    }
  /** Somebody sets a mode, of one or for all, and takes it back after a while. */
  | {
      readonly kind: 'mode';
      readonly of: string | null;
      readonly mode: Mode;
      readonly forMs: number;
    }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly forMs: number }
  /**
   * The process dies at the so-many-th time that it touches the outside: from now on, or so long after it next wrote
   * that it begins to act.
   */
  | {
      readonly kind: 'kill';
      readonly actingMs: number | null;
      readonly crossings: number;
      readonly written: boolean;
      readonly downMs: number;
      /** How far the wall clock jumps in the moment in which the next process starts, milliseconds. */
      readonly jumpMs: number;
    }
  | { readonly kind: 'stop'; readonly downMs: number }
  | { readonly kind: 'jump'; readonly byMs: number }
  | { readonly kind: 'reload'; readonly settings: SettingsSpec }
);

/** The part of the configuration that differs from world to world; plain data, so that a plan can be printed. */
export type SettingsSpec = {
  readonly mode: Mode;
  readonly steps: readonly (
    | 'check_logs'
    | 'check_resources'
    | 'check_health'
    | 'restart'
    | 'start'
    | 'wait'
    | 'escalate_to_human'
  )[];
  readonly budget: number;
  readonly budgetWindowMs: number;
  readonly concurrent: number;
  readonly fraction: number;
  readonly soakMs: number;
  readonly verifyMs: number;
  readonly intervalMs: number;
  readonly deadlineMs: number;
  readonly stopTimeoutMs: number;
  readonly symptom: 'auto' | 'none';
  readonly channels: readonly string[];
  readonly recurring: readonly RecurringSpec[];
  /** The condition of each step, in their order; null where it has none. */
  readonly onlyIf: readonly (StepCondition | null)[];
};

/** A maintenance that comes again each day, by the wall clock in UTC. */
export type RecurringSpec = {
  readonly of: string | null;
  readonly startMinute: number;
  readonly durationMs: number;
};

/** Who thinks for the agent, besides its own rules of what may be done. */
export type MindSpec = {
  /** What names the causes: nothing, what knows them, or what says anything. */
  readonly rules: 'none' | 'honest' | 'liar';
  /** An analyst that would do harm if it could. */
  readonly analyst: 'none' | 'adversary';
  readonly wish: 'wait' | 'background';
  readonly timeoutMs: number;
  /** Tokens that analyses may spend, one and all of the day. */
  readonly tokens: number;
  readonly dayTokens: number;
  /** Mode of the strategy that is chosen. */
  readonly mode: Mode;
};

/** One world, whole: from a seed, or what shrinking left of it. The same plan always takes the same course. */
export type Plan = {
  readonly seed: number;
  readonly services: readonly ServiceSpec[];
  readonly settings: SettingsSpec;
  readonly mind: MindSpec;
  /** Whether Prometheus can be asked if a symptom is gone. */
  readonly symptomSource: boolean;
  /** Whether Alertmanager can be asked for what a truncated message left out. */
  readonly alertReader: boolean;
  readonly self: 'outside' | 'container' | 'unknown';
  /** How often Alertmanager says what still fires, milliseconds. */
  readonly repeatMs: number;
  /** How people react to an escalation. */
  readonly people: 'never' | 'acknowledge' | 'repair';
  readonly peopleMs: number;
  readonly happenings: readonly Happening[];
  /** When the last fault is over, and when the world ends; milliseconds since it began. */
  readonly faultsEndAt: number;
  readonly endAt: number;
};
