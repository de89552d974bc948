import type { Alert } from '../core/alert.ts';
import type { AlertReader } from '../ports.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { readAlerts } from './alertmanagerApi.ts';

/** Reads back what a truncated message left out. */
export class AlertmanagerReader implements AlertReader {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  /**
   * The alerts that Alertmanager would have sent to this receiver: firing, routed to it, and neither silenced nor
   * inhibited, for what a person muted is not to be heard through the back door.
   *
   * @throws MpaError `SERVICE_FAILED` when it cannot be asked.
   */
  async activeAlerts(receiver: string, signal: AbortSignal): Promise<readonly Alert[]> {
    const held = await readAlerts(
      this.#client,
      [
        ['active', 'true'],
        ['silenced', 'false'],
        ['inhibited', 'false'],
        ['unprocessed', 'false'],
        // An anchored regular expression (RE2).
        ['receiver', RegExp.escape(receiver)],
      ],
      signal,
    );
    return held.map(({ fingerprint, labels, annotations, startsAt, generatorURL }) => ({
      fingerprint,
      status: 'firing',
      labels,
      annotations,
      startsAt,
      // The API's `endsAt` of an alert that fires is when it would be given up, not an end.
      endsAt: null,
      generatorUrl: generatorURL,
    }));
  }
}
