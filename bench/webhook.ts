import { Agent, request } from 'node:http';
import { nowMs } from './time.ts';

export type Posted = {
  readonly status: number;
  /** When it was sent, and when the answer's headers were read; by `nowMs`. */
  readonly sentAt: number;
  readonly answeredAt: number;
};

/** What an alert says in the bench: its target, and a fingerprint that makes it this alert and no other. */
export type BenchAlert = { readonly target: string; readonly fingerprint: string };

const ANSWER_MS_MAX = 60_000;

/** Posts messages as Alertmanager does: over connections that are kept open. */
export class WebhookSender implements Disposable {
  readonly #url: string;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #agent = new Agent({ keepAlive: true });

  /**
   * @param agentUrl Where the agent listens.
   * @param token What it asks for; null: it asks for none.
   */
  constructor(agentUrl: string, token: string | null = null) {
    this.#url = `${agentUrl}/webhooks/alertmanager`;
    this.#authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  }

  post(alerts: readonly BenchAlert[]): Promise<Posted> {
    const body = JSON.stringify(messageOf(alerts));
    const { promise, resolve, reject } = Promise.withResolvers<Posted>();
    const sentAt = nowMs();
    const sending = request(this.#url, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        ...this.#authorization,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    sending.once('response', (response) => {
      const answeredAt = nowMs();
      response.resume().once('end', () => resolve({ status: response.statusCode ?? 0, sentAt, answeredAt }));
    });
    sending.once('error', reject);
    sending.end(body);
    return promise;
  }

  /** Posts one alert that must be accepted. */
  async accepted(alert: BenchAlert): Promise<Posted> {
    const posted = await this.post([alert]);
    if (posted.status !== 200) throw new Error(`the webhook was answered ${posted.status}`);
    return posted;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

function messageOf(alerts: readonly BenchAlert[]): object {
  const labels = { alertname: 'ServiceDown', severity: 'critical' };
  return {
    version: '4',
    groupKey: '{}:{alertname="ServiceDown"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'agent',
    groupLabels: { alertname: 'ServiceDown' },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: alerts.map(({ target, fingerprint }) => ({
      status: 'firing',
      labels: { ...labels, service: target, instance: `${target}:8080`, job: 'services' },
      annotations: { summary: `${target} does not answer` },
      startsAt: new Date().toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up+%3D%3D+0',
      fingerprint,
    })),
  };
}
