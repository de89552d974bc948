import type { AlertView } from '../core/incident.ts';
import type { SymptomResult } from '../core/observation.ts';
import type { SymptomSource } from '../ports.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { readAlerts, readUptimeMs } from './alertmanagerApi.ts';
import { whyNone } from './answers.ts';

/**
 * Alertmanager forgets its alerts when it restarts; Prometheus says a firing one again at least every minute, at an
 * evaluation, and those are a minute apart by default. Before, a missing alert says nothing. Milliseconds.
 */
const RESEND_MS = 150_000;

/** Asks Alertmanager whether it still holds the alert: an alert that it does not list is resolved. */
export class AlertmanagerSymptom implements SymptomSource {
  readonly name = 'Alertmanager';
  readonly #client: ServiceClient;
  readonly #resendMs: number;

  /** @param resendMs How long after Alertmanager's start a missing alert says nothing, milliseconds. */
  constructor(client: ServiceClient, resendMs: number = RESEND_MS) {
    this.#client = client;
    this.#resendMs = resendMs;
  }

  async ask(fingerprint: string, alert: AlertView, signal: AbortSignal): Promise<SymptomResult> {
    try {
      return { fingerprint, ...(await this.#judge(fingerprint, alert, signal)) };
    } catch (error) {
      return { fingerprint, verdict: 'unknown', reason: whyNone(error) };
    }
  }

  async #judge(
    fingerprint: string,
    alert: AlertView,
    signal: AbortSignal,
  ): Promise<Omit<SymptomResult, 'fingerprint'>> {
    const name = alert.labels['alertname'];
    const filter = name === undefined ? [] : [['filter', `alertname=${JSON.stringify(name)}`] as const];
    // Without `active=false` and the like it lists all, the silenced and inhibited too: those hold all the same.
    const held = (await readAlerts(this.#client, filter, signal)).find(
      (one) => one.fingerprint === fingerprint,
    );
    if (held !== undefined) {
      const how = held.status.state === 'suppressed' ? 'fires (silenced or inhibited)' : 'fires';
      return { verdict: 'present', reason: `it ${how}` };
    }
    const uptimeMs = await readUptimeMs(this.#client, signal);
    if (uptimeMs === null || uptimeMs < this.#resendMs) {
      return { verdict: 'unknown', reason: 'it was started too recently to know every alert that fires' };
    }
    return { verdict: 'gone', reason: 'it is resolved' };
  }
}
