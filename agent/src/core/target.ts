import { type Labels, labelOf } from './alert.ts';
import { foreignProject } from './composeProject.ts';

/** What runs the target's instances. */
export type RuntimeName = 'docker' | 'local';

/** An instance's state, in Docker's words; `exited` is also what a local process that ended is. */
export type InstanceStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/** One container or process of a target, as the runtime saw it a moment ago. */
export type Instance = {
  /** Container id, or for a local process its name and number. */
  readonly id: string;
  /** Stable name for people; a recreated container usually keeps it. */
  readonly name: string;
  readonly status: InstanceStatus;
  /** `none`: there is no health check. Docker's word is believed only while `status` is `running`. */
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** Milliseconds since the epoch; `null` before the first start. With `id` it identifies one run. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly createdAt: number;
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  /** Whether the runtime itself restarts the instance when it exits. */
  readonly supervised: boolean;
  /** Length of the health check's start period, milliseconds; 0 where there is none. */
  readonly startPeriodMs: number;
  /** Why it runs and yet has lost its network, which it shared with another instance; absent: it has not. */
  readonly stranded?: string;
  /** The Compose service that it belongs to, whatever selected it; absent: none. */
  readonly service?: string;
  /** Names a deployment: image and configuration. A change of it is a deploy. */
  readonly revision: string;
};

/** Identity of one run of an instance: a restart changes it, whoever restarted. */
export function runOf(instance: Instance): string {
  return `${instance.id}@${instance.startedAt ?? 'never'}`;
}

/** A check that the agent makes itself; expectations that are absent are not asked. */
export type Probe =
  | {
      readonly kind: 'http';
      readonly name: string;
      readonly url: string;
      readonly method: 'GET' | 'HEAD' | 'POST';
      /** Accepted statuses, inclusive ranges. */
      readonly statuses: readonly { readonly from: number; readonly to: number }[];
      /** A string that the body must contain. */
      readonly bodyContains: string | null;
      /** RFC 6901 pointer into the JSON body, and the value that must stand there. */
      readonly json: { readonly pointer: string; readonly equals: string | number | boolean | null } | null;
      readonly timeoutMs: number;
    }
  | {
      readonly kind: 'tcp';
      readonly name: string;
      readonly host: string;
      readonly port: number;
      readonly timeoutMs: number;
    };

/** When the probes of a target are made without anybody asking, and how often they must agree to be a signal. */
export type ProbeSchedule = {
  readonly intervalMs: number;
  /** Consecutive failures until the target is reported failing. */
  readonly failureThreshold: number;
  /** Consecutive successes until it is reported passing again. */
  readonly successThreshold: number;
};

/** Whether the agent may act: the stricter of the global, the target's and the strategy's word wins. */
export type Mode = 'off' | 'observe' | 'approve' | 'auto';

/** How a recovery of the target is proved. */
export type Verification = {
  /** How long the target must be seen healthy without a break, milliseconds. */
  readonly soakMs: number;
  /** How long the proof may take from the end of the steps, milliseconds. */
  readonly timeoutMs: number;
  /** How often it is looked at meanwhile, milliseconds. */
  readonly intervalMs: number;
  /** `auto`: the alert must be gone, by whichever source can tell; `none`: health is enough. */
  readonly symptom: 'auto' | 'none';
};

/** How the runtime finds the target's instances. */
export type Selector =
  | { readonly by: 'container-name'; readonly name: string }
  | { readonly by: 'compose-service'; readonly service: string; readonly project: string | null }
  | { readonly by: 'label'; readonly label: string; readonly value: string }
  | { readonly by: 'process'; readonly process: LocalProcess };

/** A process that the `local` runtime starts and supervises. */
export type LocalProcess = {
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly env: Labels;
  /** How long it has to end after SIGTERM before it is killed, milliseconds. */
  readonly stopTimeoutMs: number;
};

/** A service in the agent's care, from configuration or found by discovery. */
export type Target = {
  /** Stable identity: budgets and breakers hang on it, not on container ids. */
  readonly name: string;
  readonly runtime: RuntimeName;
  readonly selector: Selector;
  /** Further names under which alerts may know it. */
  readonly aliases: readonly string[];
  readonly mode: Mode;
  readonly probes: readonly Probe[];
  readonly schedule: ProbeSchedule | null;
  readonly verification: Verification;
  readonly dependsOn: readonly string[];
  /** Never mutated, whoever asks. */
  readonly protected: boolean;
  readonly origin: 'configured' | 'discovered';
};

/** What a set of labels says about who is in trouble. */
export type TargetMatch =
  | { readonly kind: 'found'; readonly target: Target; readonly label: string }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'several'; readonly names: readonly string[]; readonly reason: string };

/** The label that a rule's author sets to name a target outright; it is final even when it names nothing known. */
export const EXPLICIT_TARGET_LABEL = 'mpa_target';

/**
 * Finds the target of an alert by the first mapped label that names a known one. Never guesses: a label that
 * several targets answer to, or none, is said so; nor is a service of another Compose project the target.
 */
export function findTarget(
  labels: Labels,
  mappings: readonly string[],
  targets: readonly Target[],
): TargetMatch {
  const elsewhere: string[] = [];
  for (const label of mappings) {
    const value = labelOf(labels, label);
    if (value === '') continue;
    const isAbout = (target: Target): boolean => {
      const project = foreignProject(labels, mappings, target);
      if (project !== null) elsewhere.push(`${target.name} is not of Compose project ${project}`);
      return project === null;
    };
    const named = targets.filter((target) => target.name === value && isAbout(target));
    const candidates =
      named.length > 0 ? named : targets.filter(({ aliases }) => aliases.includes(value)).filter(isAbout);
    if (candidates.length > 1) {
      const names = candidates.map((target) => target.name);
      return { kind: 'several', names, reason: `${label}="${value}" names ${names.join(' and ')}` };
    }
    const [target] = candidates;
    if (target !== undefined) return { kind: 'found', target, label };
    if (label === EXPLICIT_TARGET_LABEL) {
      const why = elsewhere.map((reason) => `: ${reason}`).join('');
      return { kind: 'none', reason: `${label}="${value}" names no known target${why}` };
    }
  }
  const [besides] = elsewhere;
  if (besides !== undefined)
    return { kind: 'none', reason: `the alert is about another service: ${besides}` };
  const tried = mappings
    .filter((label) => labelOf(labels, label) !== '')
    .map((label) => `${label}="${labelOf(labels, label)}"`);
  return {
    kind: 'none',
    reason:
      tried.length === 0
        ? `the alert carries none of the labels ${mappings.join(', ')}`
        : `none of ${tried.join(', ')} names a known target`,
  };
}
