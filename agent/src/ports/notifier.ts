import type { Labels } from '../core/alert.ts';
import type { Cause } from '../core/diagnosis.ts';
import type { EscalationCode } from '../core/escalationCode.ts';
import type { Attempt } from '../core/incident.ts';

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
