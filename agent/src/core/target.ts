import type { Labels } from './alert.ts';

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

/** Whether it has no process, and its runtime is not about to start one. */
export function isDown({ status }: Instance): boolean {
  return status === 'exited' || status === 'dead' || status === 'created';
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
