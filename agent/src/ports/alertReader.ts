import type { Alert } from '../core/alert.ts';

/** Reads the alerts that Alertmanager holds now, for what a truncated message left out. Rejects when it cannot be asked. */
export interface AlertReader {
  /** The alerts that are routed to this receiver and still fire. */
  activeAlerts(receiver: string, signal: AbortSignal): Promise<readonly Alert[]>;
}
