import type { Alert } from '../core/alert.ts';
import type { Control as AgentControl } from '../core/control.ts';
import type { Breaker } from '../core/fleet/breakers.ts';
import type { Maintenance } from '../core/fleet/declaredMaintenance.ts';
import type { SelfIdentity } from '../core/guards/guard.ts';
import type { OpenWindow } from '../core/maintenance.ts';
import type { PersonCommand } from '../core/personCommand.ts';
import type { Signal } from '../core/signal.ts';
import type { Mode, Target } from '../core/target.ts';

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
  readonly what: 'died' | 'oom' | 'unhealthy' | 'healthy' | 'stopped' | 'paused' | 'started' | 'removed';
  /** Milliseconds since the epoch. */
  readonly happenedAt: number;
  readonly reason: string;
};

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
  /** The mode in force: the strictest of the global, the target's and what people set. A strategy may be stricter still. */
  readonly mode: Mode;
  /** The maintenance that it is in; `until` in milliseconds since the epoch. */
  readonly maintenance: { readonly until: number; readonly reason: string } | null;
  /** How a person holds any instance of it down. */
  readonly held: 'stopped' | 'paused' | null;
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
 * it could not be written, or with `MpaError` `OVERLOADED` when the agent is full.
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
